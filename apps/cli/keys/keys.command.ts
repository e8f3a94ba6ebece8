import { Command } from 'nest-commander';
import { CommandGroup } from '../program/command.js';
import { RotateKeysCommand } from './rotate-keys.command.js';

@Command({
  name: 'keys',
  description: 'The keys that sign JWT access tokens.',
  subCommands: [RotateKeysCommand],
})
export class KeysCommand extends CommandGroup {}
