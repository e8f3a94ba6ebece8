import { Command } from 'nest-commander';
import { CommandGroup } from '../program/command.js';
import { VerifyAuditCommand } from './verify-audit.command.js';

@Command({
  name: 'audit',
  description: 'The audit log: whether it is what was recorded.',
  subCommands: [VerifyAuditCommand],
})
export class AuditCommand extends CommandGroup {}
