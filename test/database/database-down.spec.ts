import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '#database';
import { generateSecret, REFRESH_TOKEN } from '#oauth-protocol';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess } from '../support/server-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until, within } from '../support/waiting.js';

const POOL_MAX = 2;
/** The one that listens for changes is beside the pool. */
const SESSIONS_MAX = POOL_MAX + 1;
/** Nobody waits for longer than for a connection and a statement: 5 s and 15 s. */
const BOUND_MS = 25_000;

describeOnPostgres('while the database does not answer', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let server: ServerProcess;
  let credentials: { id: string; secret: string };
  let token: string;

  beforeAll(async () => {
    database = await createDatabase();
  });
  beforeEach(async () => {
    proxy = await TcpProxy.to(database.environment.DATABASE_URL!);
    server = await ServerProcess.start({
      ...database.environment,
      DATABASE_URL: proxy.url,
      DATABASE_POOL_MAX: String(POOL_MAX),
      LOG_LEVEL: 'debug',
    });
    const { body } = await admin().post('/api/v1/clients', {
      body: {
        name: `client ${server.url}`,
        scopes: ['devices:read', 'inventory:write', 'tokens:introspect'],
        grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
        redirect_uris: ['https://app.example.com/callback'],
      },
    });
    credentials = { id: body.client_id, secret: body.client_secret };
    token = (await calls.token()).body.access_token;
  });
  afterEach(async () => {
    await ServerProcess.killAll();
    await proxy.close();
  });
  afterAll(() => database?.drop());

  const admin = () => ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
  const bearer = () => ApiClient.bearer(server.url, token);

  const oauth = (path: string, form: Record<string, string>) =>
    ApiClient.basic(server.url, credentials.id, credentials.secret).post(path, {
      body: new URLSearchParams(form),
    });

  /** One of each kind. */
  const calls = {
    token: () => oauth('/oauth2/token', { grant_type: 'client_credentials' }),
    revoke: () => oauth('/oauth2/revoke', { token }),
    introspect: () => oauth('/oauth2/introspect', { token }),
    // Of the right shape, by a client that may: any other is refused without a look at the database.
    refresh: () =>
      oauth('/oauth2/token', { grant_type: 'refresh_token', refresh_token: generateSecret(REFRESH_TOKEN) }),
    read: () => bearer().get('/pam/v1/devices'),
    export: () => bearer().get('/pam/v1/devices', { headers: { accept: 'application/x-ndjson' } }),
    import: () =>
      bearer().put('/inventory/v1/devices', {
        body: '',
        headers: { 'content-type': 'application/x-ndjson' },
      }),
    list: () => admin().get('/api/v1/clients'),
    register: () => admin().post('/api/v1/clients', { body: { name: 'while it was down' } }),
    handOut: () => admin().post(`/api/v1/clients/${credentials.id}/tokens`, { body: { expires_in: 60 } }),
    audit: () => admin().get('/api/v1/audit-events'),
    ready: () => new ApiClient(server.url).get('/readyz'),
  };

  function expectUnavailable(kind: string, { status, headers, body }: ApiResponse): void {
    expect({ kind, status }).toEqual({ kind, status: 503 });
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    if (['token', 'refresh', 'revoke', 'introspect'].includes(kind)) {
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual({ error: 'temporarily_unavailable', error_description: expect.any(String) });
    } else {
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body).toMatchObject({
        status: 503,
        code: 'temporarily_unavailable',
        request_id: expect.any(String),
      });
    }
  }

  async function expectAllUnavailable(): Promise<void> {
    const answers = await within(
      BOUND_MS,
      Promise.all(Object.entries(calls).map(async ([kind, call]) => ({ kind, answer: await call() }))),
    );
    for (const { kind, answer } of answers) expectUnavailable(kind, answer);
    expect((await new ApiClient(server.url).get('/healthz')).status).toBe(200);
  }

  /** No restart, no connection more than there may be, and nobody waits behind a dead one. */
  async function expectRecovery(): Promise<void> {
    await until('it is ready again', async () => (await calls.ready()).status === 200, BOUND_MS);
    const statuses = await within(
      10_000,
      Promise.all(Array.from({ length: 40 }, async () => (await calls.read()).status)),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await calls.token()).status).toBe(200);
    expect((await calls.list()).text).not.toContain('while it was down');
    const direct = await new DataSource(
      dataSourceOptions({ url: database.environment.DATABASE_URL, poolMax: 1 }),
    ).initialize();
    try {
      const sessions = async () => {
        const [{ count }] = await direct.query(
          `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
        return count <= SESSIONS_MAX;
      };
      await until('no more sessions than the pool has, and the one that listens', sessions);
    } finally {
      await direct.destroy();
    }
    expect(server.output).not.toContain(new URL(database.environment.DATABASE_URL!).password);
    expect(server.output).not.toContain(token);
  }

  it('every call is 503 with Retry-After when connections are refused, and it recovers by itself', async () => {
    await proxy.cut();
    await expectAllUnavailable();
    await proxy.restore();
    await expectRecovery();
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('every call is 503 in bounded time when the network swallows everything, and it recovers by itself', async () => {
    proxy.swallow();
    await expectAllUnavailable();
    await proxy.restore();
    await expectRecovery();
  });

  it('a transaction that was under way neither hangs nor poisons the pool', async () => {
    const locker = await new DataSource(
      dataSourceOptions({ url: database.environment.DATABASE_URL, poolMax: 2 }),
    ).initialize();
    try {
      const runner = locker.createQueryRunner();
      await runner.startTransaction();
      await runner.query('LOCK TABLE clients IN SHARE MODE');
      const waiting = [calls.register(), calls.register()];
      await until('both wait for the lock', async () => {
        const [{ count }] = await locker.query(
          `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return count === POOL_MAX;
      });
      proxy.swallow();
      await runner.rollbackTransaction();
      await runner.release();
      for (const answer of await within(BOUND_MS, Promise.all(waiting)))
        expectUnavailable('register', answer);
    } finally {
      await locker.destroy();
    }
    await proxy.restore();
    await expectRecovery();
  });

  it('SIGTERM still ends the server with 0 within 10 s', async () => {
    expect((await calls.read()).status).toBe(200);
    proxy.swallow();
    const from = Date.now();
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(Date.now() - from).toBeLessThan(10_000);
  });
});

describeOnPostgres('a start without its database', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  beforeEach(async () => {
    database = await createDatabase();
    proxy = await TcpProxy.to(database.environment.DATABASE_URL!);
  });
  afterEach(async () => {
    await ServerProcess.killAll();
    await proxy.close();
    await database.drop();
  });

  async function failedStart(url: string): Promise<string> {
    const server = ServerProcess.spawn({ ...database.environment, DATABASE_URL: url });
    expect(await within(15_000, server.exited)).toEqual({ code: 1, signal: null });
    expect(server.output).not.toContain(new URL(url).password);
    expect(server.output).not.toContain('postgres://');
    return server.output;
  }

  it('says that it is refused', async () => {
    await proxy.cut();
    expect(await failedStart(proxy.url)).toContain(
      `The database at DATABASE_URL does not answer: connect ECONNREFUSED 127.0.0.1:${proxy.port}.`,
    );
  });

  it('says that it gets no answer', async () => {
    proxy.swallow();
    expect(await failedStart(proxy.url)).toMatch(/^The database at DATABASE_URL does not answer: .*time/m);
  });

  it('says that its password is wrong, and not which one', async () => {
    const url = new URL(database.environment.DATABASE_URL!);
    url.password = 'hunter2';
    expect(await failedStart(url.toString())).toContain(
      'The database at DATABASE_URL does not answer: password authentication failed for user "postgres".',
    );
  });
});
