import { Command } from 'nest-commander';
import { CommandGroup } from '../program/command.js';
import { RotateVaultCommand } from './rotate-vault.command.js';

@Command({
  name: 'vault',
  description: 'What is sealed under the master key.',
  subCommands: [RotateVaultCommand],
})
export class VaultCommand extends CommandGroup {}
