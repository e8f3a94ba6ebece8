import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { aDevice } from '../inventory/fixtures.js';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { unique } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { ServerProcess } from '../support/server-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/waiting.js';

const POOL_MAX = 2;
const AT_ONCE = 40;
/** Docs: what was acknowledged is shown by every read within this. */
const STALE_MS = 10_000;

describeOnPostgres('reads of PAM data where there are replicas', () => {
  let folder: TestDatabase;
  let primary: PostgresServer;
  let standby: PostgresServer;
  /** Between the server and the standby. */
  let proxy: TcpProxy;
  let onPrimary: pg.Client;
  let onStandby: pg.Client;
  let server: ServerProcess;
  let admin: ApiClient;
  let client: { id: string; secret: string };
  let reader: ApiClient;

  beforeAll(async () => {
    folder = await createDatabase({ state: 'absent', on: 'embedded' });
    primary = await startPostgres();
    standby = await primary.standby();
    proxy = await TcpProxy.to(standby.url);
    onPrimary = await connected(primary.url);
    onStandby = await connected(standby.url);
    const elsewhere = new URL(standby.url);
    elsewhere.pathname = '/template1';
    const nowhere = new URL(standby.url);
    nowhere.port = '1';
    server = await ServerProcess.start({
      POSTERN_DATA_DIR: folder.dataDir,
      DATABASE_URL: primary.url,
      DATABASE_REPLICA_URLS: [proxy.url, nowhere, primary.url, elsewhere].join(', '),
      DATABASE_POOL_MAX: String(POOL_MAX),
      LOG_LEVEL: 'warn',
      POSTERN_ADMIN_CLIENT_ID: 'test-admin',
      POSTERN_ADMIN_CLIENT_SECRET: process.env.POSTERN_TEST_ADMIN_SECRET!,
      POSTERN_OWNER_PASSWORD: process.env.POSTERN_TEST_OWNER_PASSWORD!,
    });
    admin = ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
    const scopes = ['devices:read', 'users:read', 'inventory:write'];
    const { body } = await admin.post('/api/v1/clients', { body: { name: 'one that reads', scopes } });
    client = { id: body.client_id, secret: body.client_secret };
    reader = ApiClient.bearer(server.url, await token());
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await Promise.all([onPrimary?.end(), onStandby?.end()]);
    await proxy?.close();
    await standby?.stop();
    await primary?.stop();
    await folder?.drop();
  });
  afterEach(resume);

  async function token(): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const answer = await ApiClient.basic(server.url, client.id, client.secret).post('/oauth2/token', {
      body,
    });
    return answer.body.access_token;
  }

  async function pause(): Promise<void> {
    await onStandby.query('SELECT pg_wal_replay_pause()');
    await until('replay has paused', async () => {
      const { rows } = await onStandby.query('SELECT pg_get_wal_replay_pause_state() AS state');
      return rows[0].state === 'paused';
    });
  }

  async function resume(): Promise<void> {
    await onStandby.query('SELECT pg_wal_replay_resume()').catch(() => {});
  }

  /** Resolves with its id when the primary has it. */
  async function addDevice(): Promise<string> {
    const id = unique('device');
    const { status, text } = await reader.post('/inventory/v1/devices', { body: aDevice(id) });
    if (status !== 201) throw new Error(`The device was not added: ${status} ${text}`);
    return id;
  }

  const device = (id: string) => reader.get(`/pam/v1/devices/${id}`);

  /** While the standby stands still: whether it is the one that is read from. */
  async function showsWhatWas(): Promise<boolean> {
    await pause();
    try {
      return (await device(await addDevice())).status === 404;
    } finally {
      await resume();
    }
  }

  const untilReadFrom = () => until('the replica is read from', showsWhatWas, 30_000);

  it('come from the one that follows: lists, counts, single rows and exports', async () => {
    await untilReadFrom();
    const before = await addDevice();
    await until('it has arrived', async () => (await device(before)).status === 200);
    await pause();
    const after = await addDevice();
    const asked: [string, Record<string, string>][] = [
      [`/pam/v1/devices?id=${after}`, {}],
      ['/pam/v1/devices?sort=-id', { accept: 'application/x-ndjson' }],
      ['/pam/v1/devices?sort=-id', { accept: 'text/csv' }],
    ];
    for (const [path, headers] of asked) {
      const { status, text } = await reader.get(path, { headers });
      expect(status).toBe(200);
      expect(text).not.toContain(after);
    }
    const counted = await reader.get('/pam/v1/devices?count=true&limit=1');
    const { rows } = await onPrimary.query('SELECT count(*)::int AS total FROM devices');
    expect(counted.body.total).toBe(rows[0].total - 1);
    expect((await device(after)).status).toBe(404);
  });

  it('leave the others out, and the log says why, without their addresses', async () => {
    for (const line of [
      'Left out: replica 2, as it does not answer.',
      'Left out: replica 3, as it is no standby.',
      'Left out: replica 4, as it is no copy of the database.',
    ])
      await server.untilPrinted(line);
    expect(server.output).not.toContain('postgres://');
    expect(server.output).not.toContain(new URL(primary.url).password);
  });

  it('leave tokens, their revocation, clients and what seeds’ scripts look at to the primary', async () => {
    await untilReadFrom();
    await pause();
    const fresh = await token();
    const fetching = ApiClient.bearer(server.url, fresh);
    expect((await fetching.get('/pam/v1/devices')).status).toBe(200);
    const name = unique('client');
    await admin.post('/api/v1/clients', { body: { name } });
    expect((await admin.get(`/api/v1/clients?name=${name}`)).body.items).toHaveLength(1);
    const username = unique('user');
    const created = await fetching.post('/pam/apps/users/user/', { body: { username } });
    expect(created.status).toBe(201);
    expect((await fetching.get(`/pam/apps/users/user/?username=${username}`)).body.items).toHaveLength(1);
    expect((await fetching.get(`/pam/v1/users?username=${username}`)).body.items).toEqual([]);
    await ApiClient.basic(server.url, client.id, client.secret).post('/oauth2/revoke', {
      body: new URLSearchParams({ token: fresh }),
    });
    expect((await fetching.get('/pam/v1/devices')).status).toBe(401);
  });

  it('take no more connections to each than to the primary', async () => {
    await untilReadFrom();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => reader.get(`/pam/v1/devices?limit=${index + 1}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { rows } = await onStandby.query(
      `SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name = 'postern'`,
    );
    expect(rows[0].open).toBeGreaterThan(0);
    expect(rows[0].open).toBeLessThanOrEqual(POOL_MAX);
  });

  it('show what was acknowledged within seconds, however far behind a replica is', async () => {
    await untilReadFrom();
    await pause();
    const id = await addDevice();
    const stale = await reader.get(`/pam/v1/devices?id=${id}`);
    expect(stale.body.items).toEqual([]);
    await until('it is shown', async () => (await device(id)).status === 200, STALE_MS);
    await server.untilPrinted('Left out: replica 1, as it is too far behind.');
    await resume();
    await untilReadFrom();
    await server.untilPrinted('Read from again: replica 1.');
  });

  it('leave a replica out that lacks a migration of the primary’s', async () => {
    await untilReadFrom();
    await pause();
    const { rows } = await onPrimary.query(
      `INSERT INTO schema_migrations (timestamp, name) VALUES (9999999999999, 'Later') RETURNING id`,
    );
    await server.untilPrinted('Left out: replica 1, as its schema is another.');
    await onPrimary.query('DELETE FROM schema_migrations WHERE id = $1', [rows[0].id]);
    await resume();
    await untilReadFrom();
  });

  /** Answers to reads that come in all the while. */
  async function readsDuring(work: () => Promise<unknown>): Promise<ApiResponse[]> {
    const answers: ApiResponse[] = [];
    const done = new AbortController();
    const reading = Array.from({ length: 4 }, async () => {
      while (!done.signal.aborted) answers.push(await reader.get('/pam/v1/devices?limit=2'));
    });
    try {
      await work();
    } finally {
      done.abort();
      await Promise.all(reading);
    }
    return answers;
  }

  it.each([
    [
      'stops',
      'comes back',
      async () => {
        await standby.halt('SIGQUIT');
      },
      async () => {
        await standby.resume();
        await onStandby.end().catch(() => {});
        onStandby = await connected(standby.url);
      },
    ],
    ['is half-open', 'answers', async () => proxy.swallow(), () => proxy.restore()],
  ])('fail nowhere when a replica %s, and go to it again when it %s', async (_, __, fail, mend) => {
    await untilReadFrom();
    const first = await reader.get('/pam/v1/devices?limit=1');
    const ids: string[] = first.body.items.map(({ id }: { id: string }) => id);
    const answers = await readsDuring(async () => {
      await fail();
      // What has been asked meanwhile is asked of the primary, which has it at once.
      await until('the primary is read from', async () => (await device(await addDevice())).status === 200);
      const next = await reader.get(`/pam/v1/devices?limit=1&cursor=${first.body.next_cursor}`);
      expect(next.status).toBe(200);
      expect(ids).not.toContain(next.body.items[0].id);
      expect((await reader.get('/readyz')).status).toBe(200);
    });
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await mend();
    await untilReadFrom();
  });
});

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}
