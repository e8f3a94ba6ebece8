import { describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';
import { inParallel } from '../support/waiting.js';

/** Each command is a process, of which a busy machine starts few a second. */
const LONG_MS = 150_000;

describe('postern, where something is wrong', () => {
  const nowhere = { POSTERN_DATA_DIR: '/nonexistent/postern' };
  const cases: [
    what: string,
    code: number,
    args: string[],
    variables: Record<string, string>,
    says: RegExp,
  ][] = [
    ['a command that there is not', 2, ['dance'], nowhere, /unknown command 'dance'/],
    [
      'a command of a group that there is not',
      2,
      ['clients', 'dance'],
      nowhere,
      /no command "dance"; it takes one of: list, /,
    ],
    ['an option that there is not', 2, ['clients', 'list', '--dance'], nowhere, /unknown option '--dance'/],
    [
      'a secret among the arguments',
      2,
      ['clients', 'create', 'x', '--set', 'client_secret=unspeakable-unspeakable'],
      nowhere,
      /--secret-stdin/,
    ],
    ['nobody to ask', 2, ['operators', 'reset-password', 'owner'], nowhere, /--password-stdin/],
    [
      'a variable that is wrong',
      2,
      ['clients', 'list'],
      { DATABASE_URL: 'mysql://unspeakable' },
      /DATABASE_URL takes a postgres/,
    ],
    ['no database', 3, ['clients', 'list'], nowhere, /There is no database: .*POSTERN_DATA_DIR/],
    [
      'a database that does not answer',
      3,
      ['clients', 'list'],
      { DATABASE_URL: 'postgres://u:unspeakable@127.0.0.1:1/x' },
      /does not answer/,
    ],
  ];

  it(
    'says so in a sentence, with an exit code and without a stack',
    async () => {
      await inParallel(cases, 2, async ([what, code, args, variables, says]) => {
        const ended = await new CommandLine(variables).run(args);
        expect({ what, ...ended }).toMatchObject({
          what,
          code,
          stdout: '',
          stderr: expect.stringMatching(says),
        });
        expect(ended.stderr).not.toMatch(/unspeakable|\n\s+at |node_modules/);
      });
    },
    LONG_MS,
  );

  it('says it in JSON where that was asked for', async () => {
    const { code, stdout, stderr } = await new CommandLine(nowhere).run(['clients', 'list', '--json']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: expect.stringContaining('no database'), exit_code: 3 });
  });
});
