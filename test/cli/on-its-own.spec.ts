import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';
import { createDatabase, engine, type TestDatabase } from '../support/engine.js';
import { inParallel } from '../support/waiting.js';

/** Each command is a process, of which a busy machine starts few a second. */
const LONG_MS = 150_000;

const masterKey = () => randomBytes(32).toString('base64');

describe('postern, without a server', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  const postern = (variables: Record<string, string> = {}) =>
    new CommandLine({ ...database.environment, ...variables });

  it('opens the database itself, one command after another', async () => {
    const both = await Promise.all([1, 2].map(() => postern().json(['clients', 'list'])));
    for (const clients of both)
      expect(clients.map(({ name }: { name: string }) => name)).toContain('Default Client Credential');
  });

  it(
    'rotates signing keys a day ahead, once, and seals them under the first master key',
    async () => {
      const [older, newer] = [masterKey(), masterKey()];
      const keys = await postern({ POSTERN_MASTER_KEY: older }).json(['keys', 'rotate', '--now']);
      expect(keys.map(({ alg }: { alg: string }) => alg).sort()).toEqual([
        'ES256',
        'ES256',
        'EdDSA',
        'EdDSA',
      ]);
      const next = await postern({ POSTERN_MASTER_KEY: older }).json(['keys', 'rotate']);
      expect(next).toHaveLength(6);
      expect(Date.parse(next[0].signs_from) - Date.parse(next[0].created_at)).toBe(86_400_000);

      const both = { POSTERN_MASTER_KEY: `${newer},${older}`, POSTERN_VAULT: 'true' };
      expect(await postern(both).json(['vault', 'rotate'])).toEqual({ signing_keys: 6, vault: 0 });
      // Not its exit code: a PostgreSQL that tests run on writes to no disk, which the doctor minds.
      const examined = await postern({ POSTERN_MASTER_KEY: newer }).run(['doctor', '--json']);
      const { findings } = JSON.parse(examined.stdout);
      expect(findings).toContainEqual({ check: 'signing keys', status: 'ok', found: 'sealed, 0 days old' });

      // Nobody opens them without the key.
      const without = await postern().run(['doctor', '--json']);
      expect(without.code).toBe(1);
      expect(JSON.parse(without.stdout).findings).toContainEqual(
        expect.objectContaining({ check: 'signing keys', status: 'fail' }),
      );
    },
    LONG_MS,
  );

  it('has a doctor who says what to mend', async () => {
    const { code, stdout } = await postern({
      POSTERN_PUBLIC_URL: 'http://postern.example.com',
      POSTERN_TRUSTED_PROXIES: '0.0.0.0/0',
      DATABASE_POOL_MAX: '1000',
      REDIS_URL: 'redis://:unspeakable@127.0.0.1:1',
    }).run(['doctor']);
    expect(code).toBe(1);
    for (const check of [
      'public URL',
      'trusted proxies',
      'Redis',
      ...(engine === 'postgres' ? ['connections'] : []),
    ])
      expect(stdout).toMatch(new RegExp(`^fail {2}${check} .*\\n {6}→ `, 'm'));
    for (const check of ['database', 'version', 'schema', 'clock', 'owners', 'pruning'])
      expect(stdout).toMatch(new RegExp(`^ok {4}${check} `, 'm'));
    expect(stdout).toMatch(engine === 'postgres' ? /^ok {4}notifications /m : /^warn {2}engine /m);
    expect(stdout).not.toContain('unspeakable');
  });
});

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

  it('is stopped by a database that is of no version yet', async () => {
    const database = await createDatabase({ state: 'empty' });
    try {
      const { code, stderr } = await new CommandLine(database.environment).run(['operators', 'list']);
      expect({ code, stderr }).toEqual({
        code: 3,
        stderr: expect.stringContaining('The database is empty.'),
      });
    } finally {
      await database.drop();
    }
  });
});
