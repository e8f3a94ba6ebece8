import { Option, SubCommand } from 'nest-commander';
import { migrateDown, migrationStatus, migrationTitle } from '#database';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';
import { confirm } from '../program/secret-input.js';

interface Options {
  to?: number;
  yes?: boolean;
}

@SubCommand({
  name: 'down',
  description:
    'Take migrations back, the newest first, with what only they have room for: for going back to an earlier version, whose instances are started afterwards.',
})
export class MigrateDownCommand extends PosternCommand {
  protected readonly examples = [
    ['postern migrate down --to 15', 'Asks first; docs/upgrades.md says what each one loses'],
    ['postern migrate down --to 15 --yes', 'For a script'],
  ] as const;

  async run(_: string[], { to, yes = false }: Options): Promise<void> {
    if (to === undefined)
      throw CommandFailure.usage('--to says which migration is the newest that stays; 0: none.');
    const undone = await this.deployment.withDatabase(async ({ connection, by }) => {
      if (by === 'the running server')
        throw new CommandFailure('A server has the data folder open; stop it first.');
      const listed = await migrationStatus(connection);
      if (to !== 0 && !listed.some(({ number }) => number === to))
        throw CommandFailure.usage(
          '--to takes the number of a migration: `postern migrate status` lists them.',
        );
      const doomed = listed.filter(({ number, state }) => number > to && state !== 'pending').toReversed();
      if (doomed.length === 0) return [];
      const names = doomed.map((one) => `  ${migrationTitle(one)}`).join('\n');
      await confirm(
        `These are taken back, with what only they have room for (docs/upgrades.md):\n${names}\nGo on?`,
        yes,
      );
      return migrateDown(connection, to);
    });
    const words = undone.map((one) => `${migrationTitle(one)} taken back`).join('\n');
    this.output.result(
      { undone: undone.map(({ number, name }) => ({ number, name })) },
      words || 'Nothing was applied after that.',
    );
  }

  @Option({ flags: '--to <number>', description: 'The newest migration that stays; 0: none.' })
  to(text: string): number {
    if (!/^\d{1,3}$/.test(text))
      throw CommandFailure.usage('--to takes the number of a migration, such as 15.');
    return Number(text);
  }

  @Option({ flags: '--yes', description: 'Do not ask.' })
  yes(): boolean {
    return true;
  }
}
