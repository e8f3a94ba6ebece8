import { Command } from 'nest-commander';
import { CommandGroup } from '../program/command.js';
import { MigrateDownCommand } from './migrate-down.command.js';
import { MigrateStatusCommand } from './migrate-status.command.js';
import { MigrateUpCommand } from './migrate-up.command.js';

@Command({
  name: 'migrate',
  description: 'The schema of the database: where it is, up to this version, or back (docs/upgrades.md).',
  subCommands: [MigrateStatusCommand, MigrateUpCommand, MigrateDownCommand],
})
export class MigrateCommand extends CommandGroup {}
