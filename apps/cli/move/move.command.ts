import { readFile } from 'node:fs/promises';
import { Command, Option } from 'nest-commander';
import { isPostgresUrl } from '#configuration';
import { moveDatabase } from '#database';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';
import { table } from '../program/table.js';

interface Options {
  to?: string;
  toFile?: string;
}

@Command({
  name: 'move',
  description:
    'Copy the whole database, as it is, into an empty PostgreSQL: everything or nothing, and both compared before it counts.',
})
export class MoveCommand extends PosternCommand {
  protected readonly examples = [
    [
      'POSTERN_MOVE_TO_FILE=./new-url postern move',
      'The embedded database under ./data, to PostgreSQL; its server is stopped',
    ],
    [
      'postern move --to postgres://postern@db.example.com/postern',
      'A URL without a password, e.g. with PGPASSFILE',
    ],
    ['DATABASE_URL=postgres://… postern move --to-file ./new-url', 'From one PostgreSQL to another'],
  ] as const;

  async run(_: string[], options: Options): Promise<void> {
    const url = await targetOf(options);
    const moved = await this.deployment.withDatabase(async ({ connection, by }) => {
      if (by === 'the running server')
        throw new CommandFailure(
          'A server has the data folder open; stop it first, so that nothing is written meanwhile.',
        );
      if (by === 'url')
        this.output.warn('Nobody may write to the source meanwhile: its instances are to be stopped.');
      using progress = this.output.progress('bytes');
      return moveDatabase(
        connection,
        { url, poolMax: 1 },
        {
          begin: (bytes) => progress.expect(bytes),
          add: (bytes) => progress.add(bytes),
        },
      );
    });
    this.output.result({ moved }, [table(moved, ['table', 'rows']), '', NEXT].join('\n'));
  }

  @Option({
    flags: '--to <url>',
    description: 'The target. A password does not belong here, where the process list shows it.',
  })
  to(url: string): string {
    return url;
  }

  @Option({
    flags: '--to-file <file>',
    description:
      'A file that holds the target’s URL. Else POSTERN_MOVE_TO holds it, or POSTERN_MOVE_TO_FILE names the file.',
  })
  toFile(file: string): string {
    return file;
  }
}

const NEXT = `Both hold the same. Next:
  1. Set DATABASE_URL to the target, and leave POSTERN_MASTER_KEY and every other variable as it is.
  2. Start the server. Clients, tokens, people and sessions go on as before.
  3. \`postern doctor\` says what else is to be done. Nothing was changed in the source but, where it was older, its schema; keep it until you are content, then remove it: it holds the same secrets.`;

function holdsPassword(url: string): boolean {
  if (!isPostgresUrl(url)) return false;
  const { password, searchParams } = new URL(url.replace('@/', '@localhost/'));
  return password !== '' || searchParams.has('password');
}

async function targetOf({ to, toFile }: Options): Promise<string> {
  const { POSTERN_MOVE_TO: variable, POSTERN_MOVE_TO_FILE: variableFile } = process.env;
  const named = [to, toFile, variable, variableFile].filter(Boolean);
  if (named.length !== 1)
    throw CommandFailure.usage(
      `The target is named once: by --to, --to-file, POSTERN_MOVE_TO or POSTERN_MOVE_TO_FILE${named.length > 1 ? '' : ' (--help tells more)'}.`,
    );
  if (to !== undefined && holdsPassword(to))
    throw CommandFailure.usage(
      'A password is never an argument, as others see those: --to-file or POSTERN_MOVE_TO_FILE takes the URL.',
    );
  const file = toFile ?? variableFile;
  const url = file ? (await readFile(file, 'utf8')).trim() : (to ?? variable)!;
  if (!isPostgresUrl(url)) throw CommandFailure.usage('The target takes a postgres:// or postgresql:// URL.');
  return url;
}
