import { Command } from 'nest-commander';
import { CommandGroup } from '../program/command.js';
import { TailAuditCommand } from './tail-audit.command.js';
import { VerifyAuditCommand } from './verify-audit.command.js';

@Command({
  name: 'audit',
  description: 'The audit log: what it says, and whether it is what was recorded.',
  subCommands: [VerifyAuditCommand, TailAuditCommand],
})
export class AuditCommand extends CommandGroup {}
