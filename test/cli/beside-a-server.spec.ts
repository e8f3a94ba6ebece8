import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { CommandLine } from '../support/command-line.js';
import { itOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess, START_MS } from '../support/server-process.js';
import { until } from '../support/waiting.js';

/** Of a change to be in force, on a machine that has other things to do. */
const SOON_MS = 5_000;
/** Each command is a process, of which a busy machine starts few a second. */
const LONG_MS = 150_000;
const SECRET = 'a secret that comes by a pipe';

describe('postern, beside a running server', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let postern: CommandLine;
  let admin: ApiClient;

  beforeAll(async () => {
    database = await createDatabase();
    server = await ServerProcess.start(database.environment);
    postern = new CommandLine(database.environment);
    admin = ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await database.drop();
  });

  it(
    'registers a client with a secret from a pipe, and what it then changes is in force at once',
    async () => {
      const scopes = ['--scopes', 'devices:read', '--set', 'access_token_ttl=600'];
      const made = await postern.json(
        ['clients', 'create', 'SIEM', '--client-id', 'siem', '--secret-stdin', ...scopes],
        `${SECRET}\n`,
      );
      expect(made).toMatchObject({ client_id: 'siem', scopes: ['devices:read'], access_token_ttl: 600 });
      expect(made).not.toHaveProperty('client_secret');

      const siem = ApiClient.basic(server.url, 'siem', SECRET);
      const grant = new URLSearchParams({ grant_type: 'client_credentials' });
      const { body: issued } = await siem.post('/oauth2/token', { body: grant });
      const handedOut = await postern.json([
        'tokens',
        'create',
        'siem',
        '--expires-in',
        '1h',
        '--note',
        'rack 7',
      ]);
      const status = async (token: string) =>
        (await ApiClient.bearer(server.url, token).get('/pam/v1/devices')).status;
      // Twice: the second answer comes of what the server remembers.
      for (const token of [issued.access_token, handedOut.access_token, issued.access_token])
        expect(await status(token)).toBe(200);

      await postern.json(['tokens', 'revoke', handedOut.id]);
      await until(
        'the token is refused',
        async () => (await status(handedOut.access_token)) === 401,
        SOON_MS,
      );
      expect(await status(issued.access_token)).toBe(200);

      await postern.json(['clients', 'disable', 'siem']);
      await until('its client is refused', async () => (await status(issued.access_token)) === 401, SOON_MS);
      await postern.json(['clients', 'enable', 'siem']);
      await until('its client is back', async () => (await status(issued.access_token)) === 200, SOON_MS);

      const { body: events } = await admin.get('/api/v1/audit-events?client_id=siem&limit=100');
      const [updated] = events.items.filter(({ type }: { type: string }) => type === 'client.updated');
      expect(updated.actor).toEqual({ kind: 'system', id: expect.stringMatching(/^postern-cli:./) });
      expect(JSON.stringify(events)).not.toContain(SECRET);
    },
    LONG_MS,
  );

  // What follows is no other work through an embedded server's engine, where each command takes long.
  itOnPostgres(
    'makes clients what a file says, all of it or nothing, and then leaves them alone',
    async () => {
      const secrets = join(database.dataDir, 'secrets.json');
      const file = `clients:
  - client_id: cmdb
    name: CMDB
    scopes: [devices:read, users:read]
  - client_id: siem
    name: SIEM
    access_token_ttl: 900
`;
      const apply = (text: string, ...more: string[]) =>
        postern.run(['clients', 'apply', '-f', '-', ...more], text);

      const dry = await apply(file, '--dry-run');
      expect(dry.stdout).toContain('+ cmdb (CMDB)\n~ siem\n    access_token_ttl: 600 → 900\n');
      expect((await admin.get('/api/v1/clients/cmdb')).status).toBe(404);

      const refused = await apply(file.replace('users:read', 'nothing:read'), '--secrets-out', secrets);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('line 2: cmdb: scopes[1] is not a scope of the catalogue');
      await expect(stat(secrets)).rejects.toThrow('ENOENT');
      expect((await admin.get('/api/v1/clients/siem')).body.access_token_ttl).toBe(600);

      const done = await apply(file, '--secrets-out', secrets);
      expect(done.code).toBe(0);
      expect((await stat(secrets)).mode & 0o777).toBe(0o600);
      const [{ client_id, client_secret }] = JSON.parse(await readFile(secrets, 'utf8'));
      expect(done.stdout).not.toContain(client_secret);
      const cmdb = ApiClient.basic(server.url, client_id, client_secret);
      const grant = new URLSearchParams({ grant_type: 'client_credentials' });
      expect((await cmdb.post('/oauth2/token', { body: grant })).status).toBe(200);

      const before = (await admin.get('/api/v1/audit-events?type=client.updated&count=true')).body.total;
      expect((await apply(file)).stdout).toBe('= 2 as the file says\n');
      const after = (await admin.get('/api/v1/audit-events?type=client.updated&count=true')).body.total;
      expect(after).toBe(before);
    },
    LONG_MS,
  );

  itOnPostgres(
    'brings PAM data in and out, and names the line that is wrong',
    async () => {
      const good = '{"id":"g1","name":"Berlin","description":"a, \\"b\\""}';
      const rows = `${good}\n{"id":"g2","name":7,"description":null}\n`;
      const refused = await postern.run(['import', 'user-groups', '-', '--format', 'ndjson'], rows);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('\n  line 2 (g2): name must be text');

      const partial = ['import', 'user-groups', '-', '--format', 'ndjson', '--partial'];
      expect(await postern.json(partial, rows)).toMatchObject({
        created: 1,
        rejected: 1,
        errors: [{ line: 2 }],
      });

      const file = join(database.dataDir, 'groups.csv');
      await postern.run(['export', 'user-groups', '--format', 'csv', '-o', file]);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readFile(file, 'utf8')).toMatch(
        /^id,name,description,updated_at\r\ng1,Berlin,"a, ""b""",/,
      );
      expect(await postern.json(['import', 'user-groups', file])).toMatchObject({ created: 0, unchanged: 1 });
    },
    LONG_MS,
  );

  it('has a doctor who names whoever must have a second factor and has none', async () => {
    const finding = async () => {
      const { findings } = JSON.parse((await postern.run(['doctor', '--json'])).stdout);
      return findings.find(({ check }: { check: string }) => check === 'second factors');
    };
    expect(await finding()).toMatchObject({ status: 'ok', found: 'required of nobody' });
    const person = { username: 'grace', password: 'seven quiet gates at noon', role: 'auditor' };
    expect((await admin.post('/api/v1/operators', { body: person })).status).toBe(201);
    const policy = (sql: string) => withDatabase(database, (client) => client.query(sql));
    await policy(`INSERT INTO second_factor_policies (role, required_since) VALUES ('auditor', now())`);
    expect(await finding()).toMatchObject({
      status: 'warn',
      found: 'required, and not there yet, of grace',
      remedy: expect.any(String),
    });
    await policy('DELETE FROM second_factor_policies');
  });

  itOnPostgres('adds people, and gives them new passwords', async () => {
    const added = await postern.run(
      ['operators', 'create', 'ada', '--role', 'owner', '--password-stdin', '--json'],
      'seven quiet gates at noon',
    );
    expect(JSON.parse(added.stdout)).toMatchObject({ username: 'ada', role: 'owner', customer_id: '10001' });
    expect(added.stdout + added.stderr).not.toContain('seven quiet gates');
    const { password } = await postern.json(['operators', 'reset-password', 'ADA', '--generate']);
    expect(password).toHaveLength(24);
    const { body } = await admin.get('/api/v1/audit-events?type=operator.updated');
    expect(body.items[0]).toMatchObject({ detail: { username: 'ada', fields: ['password'] } });
    const reset = ['operators', 'reset-second-factor'];
    expect(await postern.json([...reset, 'ADA'])).toEqual({ username: 'ADA' });
    const { body: removed } = await admin.get('/api/v1/audit-events?type=second_factor.removed');
    expect(removed.items[0]).toMatchObject({
      actor: { kind: 'system', id: expect.stringMatching(/^postern-cli:/) },
      detail: { username: 'ada', factor: 'all' },
    });
    expect((await postern.run([...reset, 'nobody'])).code).toBe(1);
  });

  it(
    'follows the audit log, with nothing in it that a terminal would obey, and says where it was altered',
    async () => {
      const type = ['--type', 'client_authentication.failed'];
      const followed = postern.follow(['audit', 'tail', '-f', '-n', '0', ...type]);
      try {
        const guess = ApiClient.basic(server.url, 'nobody\u001b[31m', 'nothing');
        const shown = async () => {
          await guess.get('/api/v1/clients');
          return followed.lines.length > 0;
        };
        await until('a guess is shown', shown, START_MS);
      } finally {
        followed.end();
      }
      expect(followed.lines[0]).toMatch(/^\S+Z  refused  client_authentication\.failed  anonymous  /);
      expect(followed.lines.join()).not.toContain('\u001b');

      const { stdout } = await postern.run(['audit', 'tail', '-n', '2', '--json', ...type]);
      const [{ id }] = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect((await postern.run(['export', 'audit-events'])).stdout).toContain(id);
      expect(await postern.json(['audit', 'verify'])).toMatchObject({ intact: true, fault: null });

      await withDatabase(database, (client) =>
        client.query(
          `BEGIN; SET LOCAL session_replication_role = replica;
           UPDATE audit_events SET ip = '192.0.2.1' WHERE id = '${id}'; COMMIT`,
        ),
      );
      const broken = await postern.run(['audit', 'verify']);
      expect([broken.code, broken.stdout]).toEqual([1, '']);
      expect(broken.stderr).toMatch(
        new RegExp(`is broken. Event \\d+ of writer \\S+ \\(${id}\\) has been altered`),
      );
    },
    LONG_MS,
  );
});

/** Below Postern, as whoever has the database is. */
async function withDatabase(
  { environment, dataDir }: TestDatabase,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const { DATABASE_URL: connectionString } = environment;
  const embedded = { host: join(dataDir, 'run'), user: 'postgres', database: 'postgres' };
  const client = new pg.Client(connectionString ? { connectionString } : embedded);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
