import { Command } from 'nest-commander';
import { CommandGroup } from '../program/command.js';
import { ListClientsCommand } from './list-clients.command.js';

@Command({
  name: 'clients',
  description: 'API applications: what they are, their secrets, and a file that says what there shall be.',
  subCommands: [ListClientsCommand],
})
export class ClientsCommand extends CommandGroup {}
