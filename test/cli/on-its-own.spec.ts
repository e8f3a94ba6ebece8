import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';
import { createDatabase, engine, type TestDatabase } from '../support/engine.js';

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
      expect(await postern(both).json(['vault', 'rotate'])).toEqual({
        signing_keys: 6,
        totps: 0,
        vault: 0,
      });
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

  it(
    'takes migrations back and applies them; between, nothing else works on that schema',
    async () => {
      const unasked = await postern().run(['migrate', 'down', '--to', '19']);
      expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
      const { undone } = await postern().json(['migrate', 'down', '--to', '19', '--yes']);
      expect(undone.length).toBeGreaterThan(0);
      expect((await postern().run(['clients', 'list'])).code).toBe(3);
      expect((await postern().json(['migrate', 'up'])).applied).toHaveLength(undone.length);
    },
    LONG_MS,
  );

  it(
    'gives a client another secret, and removes it',
    async () => {
      const made = await postern().json(['clients', 'create', 'Short-lived']);
      const rotated = await postern().json(['clients', 'rotate', made.client_id]);
      expect(rotated.client_secret).not.toBe(made.client_secret);
      await postern().json(['clients', 'delete', made.client_id, '--yes']);
      const gone = await postern().run(['clients', 'rotate', made.client_id]);
      expect([gone.code, gone.stdout]).toEqual([1, '']);
    },
    LONG_MS,
  );
});
