import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { ApiClient } from '../support/api-client.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { ServerProcess } from '../support/server-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/waiting.js';

const AT_ONCE = 20;

describeOnPostgres('when nothing is heard of changes', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let server: ServerProcess;
  /** Round the proxy: another instance, or somebody at a prompt. */
  let direct: pg.Client;
  let client: { id: string; secret: string };

  beforeAll(async () => {
    database = await createDatabase();
    proxy = await TcpProxy.to(database.environment.DATABASE_URL!);
    server = await ServerProcess.start({
      ...database.environment,
      DATABASE_URL: proxy.url,
      // No other one is opened while new ones are swallowed.
      DATABASE_POOL_MAX: '1',
    });
    direct = new pg.Client({ connectionString: database.environment.DATABASE_URL });
    await direct.connect();
    const admin = ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
    const { body } = await admin.post('/api/v1/clients', {
      body: { name: 'one that reads', scopes: ['devices:read'] },
    });
    client = { id: body.client_id, secret: body.client_secret };
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await direct?.end();
    await proxy?.close();
    await database?.drop();
  });

  async function reads(token: string): Promise<number> {
    return (await ApiClient.bearer(server.url, token).get('/pam/v1/devices')).status;
  }

  const oauth = (path: string, form: Record<string, string>) =>
    ApiClient.basic(server.url, client.id, client.secret).post(path, { body: new URLSearchParams(form) });

  /** A token that has been used. */
  async function warmToken(): Promise<string> {
    const { body } = await oauth('/oauth2/token', { grant_type: 'client_credentials' });
    for (let time = 0; time < 3; time += 1) expect(await reads(body.access_token)).toBe(200);
    return body.access_token;
  }

  async function revokeAll(): Promise<void> {
    await direct.query('UPDATE access_tokens SET revoked_at = now() WHERE revoked_at IS NULL');
  }

  /** As `revokeAll`, but no trigger fires: what is remembered stays so. */
  async function revokeAllUntold(): Promise<void> {
    await direct.query('SET session_replication_role = replica');
    await revokeAll();
    await direct.query('RESET session_replication_role');
  }

  /** A token that has been revoked, untold, and is accepted by what is remembered: so that something is. */
  function rememberedToken(): Promise<string> {
    return eventually(async () => {
      const token = await warmToken();
      await revokeAllUntold();
      return (await reads(token)) === 200 && token;
    });
  }

  async function listener(): Promise<{ pid: number; port: number } | undefined> {
    const { rows } = await direct.query(
      `SELECT pid, client_port AS port FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'postern changes' AND query <> ''`,
    );
    return rows[0];
  }

  async function expectRefusedForGood(token: string): Promise<void> {
    await eventually(async () => (await reads(token)) === 401);
    const again = await Promise.all(Array.from({ length: AT_ONCE }, () => reads(token)));
    expect(new Set(again)).toEqual(new Set([401]));
  }

  const silences: [string, (listening: { pid: number; port: number }) => Promise<unknown>][] = [
    ['its connection is half-open, and no other is to be had', async ({ port }) => proxy.swallowFrom(port)],
    ['its connection is ended', ({ pid }) => direct.query('SELECT pg_terminate_backend($1)', [pid])],
    ['every connection is cut, and new ones are served', () => proxy.cut().then(() => proxy.restore())],
  ];

  let before: { pid: number; port: number };
  beforeEach(async () => {
    before = await eventually(listener);
  });

  async function listensAgain(): Promise<void> {
    await proxy.restore();
    await until('another one listens', async () => ((await listener())?.pid ?? before.pid) !== before.pid);
  }

  it.each(silences)('since %s, nothing that was remembered is trusted', async (_, silence) => {
    const token = await rememberedToken();
    await silence(before);
    await expectRefusedForGood(token);
    await listensAgain();
    await expectRefusedForGood(token);
  });

  it.each(silences)('since %s, a token that is revoked is refused, and remains so', async (_, silence) => {
    const token = await warmToken();
    await silence(before);
    await revokeAll();
    await expectRefusedForGood(token);
    await listensAgain();
    await expectRefusedForGood(token);
    await rememberedToken();
    await expectRefusedForGood(token);
  });

  it('a token that is revoked on this instance is refused from the next call on', async () => {
    const token = await rememberedToken();
    const own = await warmToken();
    proxy.swallowFrom(before.port);
    expect((await oauth('/oauth2/revoke', { token: own })).status).toBe(200);
    for (const one of [own, token]) expect(await reads(one)).toBe(401);
    await listensAgain();
    for (const one of [own, token]) await expectRefusedForGood(one);
  });

  it('a connection that dies before it listens is given up for another', async () => {
    const dead = proxy.swallowOnce('LISTEN');
    await direct.query('SELECT pg_terminate_backend($1)', [before.pid]);
    await dead;
    const token = await warmToken();
    await revokeAll();
    await expectRefusedForGood(token);
    await until('something is remembered again', async () => {
      const another = await warmToken();
      await revokeAllUntold();
      return (await reads(another)) === 200;
    });
  });

  it('a token that is revoked when they are heard again is forgotten', async () => {
    proxy.swallowFrom(before.port);
    await listensAgain();
    await rememberedToken();
    const token = await warmToken();
    await revokeAll();
    await expectRefusedForGood(token);
  });
});
