import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aDevice } from '../inventory/fixtures.js';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { RoundRobin, type Balancer } from '../support/balancer.js';
import { unique } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { freePort } from '../support/free-port.js';
import { installedBalancer } from '../support/installed-balancer.js';
import { ServerProcess } from '../support/server-process.js';
import { inParallel, until } from '../support/waiting.js';

const INSTANCES = 3;
/** How often each is restarted. */
const ROUNDS = Number(process.env.POSTERN_TEST_ROUNDS ?? 1);
/** For the starts, on a machine that has other things to do. */
const PATIENCE_MS = 120_000 + ROUNDS * 120_000;
const WORKERS = 4;
/** How long each waits between two rounds of requests, in milliseconds. */
const PAUSE_MS = 20;
/** By hand: the system's own, where it is named. */
const { POSTERN_TEST_BALANCER: installed } = process.env;
/** The small balancer looks four times a second, the others once. */
const GRACE_S = installed ? 3 : 1;

describeOnPostgres('SIGTERM under load behind a balancer', () => {
  let database: TestDatabase;
  let ports: number[];
  let instances: ServerProcess[];
  let balancer: Balancer;
  let admin: ApiClient;

  beforeAll(async () => {
    database = await createDatabase();
    ports = await Promise.all(Array.from({ length: INSTANCES }, freePort));
    const urls = ports.map((port) => `http://127.0.0.1:${port}`);
    instances = await Promise.all(ports.map(start));
    balancer =
      installed === 'haproxy' || installed === 'nginx'
        ? await installedBalancer(installed, urls)
        : await RoundRobin.before(urls);
    admin = ApiClient.basic(balancer.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
    await until('it has found the instances', async () => (await admin.get('/readyz')).status === 200);
  });
  afterAll(async () => {
    await balancer?.close();
    await ServerProcess.killAll();
    await database.drop();
  });

  const start = (port: number) =>
    ServerProcess.start({
      ...database.environment,
      PORT: String(port),
      POSTERN_SHUTDOWN_GRACE: String(GRACE_S),
      POSTERN_RATE_LIMIT_FAILURES: '100000',
    });

  it(
    'fails no request while one instance after the other is restarted, and loses nothing',
    async () => {
      const scopes = ['devices:read', 'inventory:write', 'tokens:introspect'];
      const { body } = await admin.post('/api/v1/clients', { body: { name: 'one that works', scopes } });
      const client = ApiClient.basic(balancer.url, body.client_id, body.client_secret);
      const failed: string[] = [];
      const counted = { requests: 0 };
      const tokens: string[] = [];
      const devices: string[] = [];
      const stopped = new AbortController();

      async function request(what: string, ask: () => Promise<ApiResponse>): Promise<any> {
        counted.requests += 1;
        try {
          const answer = await ask();
          if (answer.status < 300) return answer.body ?? {};
          failed.push(`${what}: ${answer.status} ${answer.text}`);
        } catch (error) {
          failed.push(`${what}: ${String(error)} ${String((error as Error).cause)}`);
        }
        return {};
      }
      const form = (fields: Record<string, string>) => ({ body: new URLSearchParams(fields) });
      async function work(): Promise<void> {
        while (!stopped.signal.aborted) {
          await pause(PAUSE_MS);
          const { access_token: token } = await request('token', () =>
            client.post('/oauth2/token', form({ grant_type: 'client_credentials' })),
          );
          if (!token) continue;
          tokens.push(token);
          const bearer = ApiClient.bearer(balancer.url, token);
          await request('read', () => bearer.get('/pam/v1/devices?limit=5'));
          const id = unique('device');
          await request('write', () => bearer.post('/inventory/v1/devices', { body: aDevice(id) }));
          devices.push(id);
          const { active } = await request('introspect', () =>
            client.post('/oauth2/introspect', form({ token })),
          );
          if (active === false) failed.push('introspect: not active');
          await request('export', () =>
            bearer.get('/pam/v1/devices', { headers: { accept: 'application/x-ndjson' } }),
          );
        }
      }

      const working = Array.from({ length: WORKERS }, work);
      try {
        for (let restart = 0; restart < ROUNDS * INSTANCES; restart += 1) {
          const index = restart % INSTANCES;
          const before = counted.requests;
          await until('there is load', () => counted.requests > before + 30);
          expect(await instances[index]!.kill('SIGTERM')).toEqual({ code: 0, signal: null });
          instances[index] = await start(ports[index]!);
        }
      } finally {
        stopped.abort();
        await Promise.all(working);
      }
      process.stdout.write(
        `${ROUNDS * INSTANCES} restarts behind ${installed ?? 'the small balancer'}: ${counted.requests} requests, ${failed.length} failed\n`,
      );
      expect(failed).toEqual([]);
      await inParallel(tokens, WORKERS, async (token) => {
        expect((await ApiClient.bearer(balancer.url, token).get('/pam/v1/devices?limit=1')).status).toBe(200);
      });
      const all = await ApiClient.bearer(balancer.url, tokens[0]!).get('/pam/v1/devices?fields=id', {
        headers: { accept: 'text/csv' },
      });
      const ids = new Set(all.text.trim().split('\r\n'));
      expect(devices.filter((id) => !ids.has(id))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
