import { SubCommand } from 'nest-commander';
import { migrationStatus, migrationTitle, type MigrationListed } from '#database';
import { PosternCommand } from '../program/command.js';
import { EXIT } from '../program/exit-code.js';
import { CommandFailure } from '../program/failure.js';

@SubCommand({
  name: 'status',
  description:
    'List each migration, and whether it is applied. Ends with 3 where the database is newer than this version.',
})
export class MigrateStatusCommand extends PosternCommand {
  protected readonly examples = [
    ['postern migrate status', 'Where the database is'],
    [`postern migrate status --json | jq 'map(select(.state == "pending"))'`, 'What a start would apply'],
  ] as const;

  async run(): Promise<void> {
    const listed = await this.deployment.withDatabase(({ connection }) => migrationStatus(connection));
    this.output.result(listed, listed.map(line).join('\n'));
    const unknown = listed.filter(({ state }) => state === 'unknown').length;
    if (unknown > 0)
      throw new CommandFailure(
        `The database is newer than this version of Postern: it has ${unknown} migrations that this one does not know.`,
        EXIT.unreachable,
      );
  }
}

const WORDS = { applied: 'applied', pending: 'pending', unknown: 'applied, of a later version' };

function line(migration: MigrationListed): string {
  return `${migrationTitle(migration).padEnd(48)} ${WORDS[migration.state]}`;
}
