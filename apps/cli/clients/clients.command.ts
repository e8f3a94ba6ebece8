import { Command } from 'nest-commander';
import { CommandGroup } from '../program/command.js';
import { ApplyClientsCommand } from './apply-clients.command.js';
import { CreateClientCommand } from './create-client.command.js';
import { DeleteClientCommand } from './delete-client.command.js';
import { ListClientsCommand } from './list-clients.command.js';
import { RotateSecretCommand } from './rotate-secret.command.js';
import { DisableClientCommand, EnableClientCommand } from './switch-client.commands.js';

@Command({
  name: 'clients',
  description: 'API applications: what they are, their secrets, and a file that says what there shall be.',
  subCommands: [
    ListClientsCommand,
    CreateClientCommand,
    RotateSecretCommand,
    DisableClientCommand,
    EnableClientCommand,
    DeleteClientCommand,
    ApplyClientsCommand,
  ],
})
export class ClientsCommand extends CommandGroup {}
