import { Agent, request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { ApiClient, basicAuthorization } from '../support/api-client.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { figure } from '../support/figures.js';
import { ServerProcess } from '../support/server-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until, within } from '../support/waiting.js';

const POOL_MAX = 2;
/** Who waits for a connection is let go after 5 s, and a statement after 15 s; on a busy machine, all of it takes longer. */
const BOUND_MS = 45_000;
/** More than may wait: 2,000 for the next batch, and two batches of 500 under way. */
const CROWD = 3_400;
/** Of the server's memory, for those who wait; measured: 31 MB. */
const CROWD_MEMORY_MB = 250;

interface Answer {
  status: number;
  retryAfter: string | undefined;
  /** Milliseconds until it came. */
  after: number;
}

describeOnPostgres('while the database is slow', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let server: ServerProcess;
  let credentials: { id: string; secret: string };
  /** A client that is changed and never used: nothing else is to be noted of it. */
  let changed: string;
  let token: string;
  /** Somebody else at the same database, and his own open transaction. */
  let observer: pg.Client;
  let locker: pg.Client;

  beforeAll(async () => {
    database = await createDatabase();
    proxy = await TcpProxy.to(database.environment.DATABASE_URL!);
    server = await ServerProcess.start({
      ...database.environment,
      DATABASE_URL: proxy.url,
      DATABASE_POOL_MAX: String(POOL_MAX),
    });
    const { body } = await admin().post('/api/v1/clients', { body: { name: 'slow' } });
    credentials = { id: body.client_id, secret: body.client_secret };
    changed = (await admin().post('/api/v1/clients', { body: { name: 'changed' } })).body.client_id;
    token = (await calls.token()).body.access_token;
    observer = new pg.Client({ connectionString: database.environment.DATABASE_URL });
    locker = new pg.Client({ connectionString: database.environment.DATABASE_URL });
    await Promise.all([observer.connect(), locker.connect()]);
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await Promise.all([observer?.end(), locker?.end()]);
    await proxy?.close();
    await database?.drop();
  });

  const admin = () => ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
  const bearer = () => ApiClient.bearer(server.url, token);

  /** One of each kind, each good. */
  const calls = {
    token: () =>
      ApiClient.basic(server.url, credentials.id, credentials.secret).post('/oauth2/token', {
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      }),
    read: () => bearer().get('/pam/v1/devices'),
    export: () => bearer().get('/pam/v1/devices', { headers: { accept: 'application/x-ndjson' } }),
    list: () => admin().get('/api/v1/clients?count=true'),
    change: () => admin().patch(`/api/v1/clients/${changed}`, { body: { notes: String(Date.now()) } }),
    handOut: () => admin().post(`/api/v1/clients/${credentials.id}/tokens`, { body: { expires_in: 60 } }),
    audit: () => admin().get('/api/v1/audit-events'),
    ready: () => new ApiClient(server.url).get('/readyz'),
  };

  /** Sessions of the server under test, as PostgreSQL sees them. */
  async function sessions(where = 'true'): Promise<number> {
    const { rows } = await observer.query(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'postern' AND ${where}`,
    );
    return rows[0].count;
  }

  async function expectRecovery(): Promise<void> {
    await until('it serves again', async () => (await calls.token()).status === 200, 5_000);
    for (const call of Object.values(calls)) expect((await call()).status).toBeLessThan(300);
    await until('no session is left over', async () => (await sessions()) <= POOL_MAX);
  }

  async function memoryMb(): Promise<number> {
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
  }

  /** As `fetch` would, without its own queue. */
  function askForToken(agent: Agent): Promise<Answer> {
    const from = Date.now();
    return new Promise((resolve, reject) => {
      const asked = request(
        `${server.url}/oauth2/token`,
        {
          agent,
          method: 'POST',
          headers: {
            authorization: basicAuthorization(credentials.id, credentials.secret),
            'content-type': 'application/x-www-form-urlencoded',
          },
        },
        (response) => {
          response.resume();
          const { statusCode, headers } = response;
          response.on('end', () =>
            resolve({ status: statusCode!, retryAfter: headers['retry-after'], after: Date.now() - from }),
          );
        },
      );
      asked.on('error', reject);
      asked.end('grant_type=client_credentials');
    });
  }

  it('a latency of 50 ms a statement is waited for, and nobody is turned away', async () => {
    proxy.delay(50);
    try {
      const answers = await within(
        BOUND_MS,
        Promise.all(Array.from({ length: 5 }, () => Object.values(calls).map((call) => call())).flat()),
      );
      for (const { status } of answers) expect(status).toBeLessThan(300);
    } finally {
      proxy.delay(0);
    }
  });

  it('every kind of call at once, on a pool of two: none waits for a second connection for ever', async () => {
    const answers = await within(
      BOUND_MS,
      Promise.all(Array.from({ length: 15 }, () => Object.values(calls).map((call) => call())).flat()),
    );
    for (const { status } of answers) expect(status).toBeLessThan(300);
  });

  it('where all connections are taken, others are 503 in seconds, /readyz within three, and what took them goes on', async () => {
    await locker.query('BEGIN');
    await locker.query('SELECT 1 FROM clients WHERE client_id = $1 FOR UPDATE', [changed]);
    const holding = Array.from({ length: POOL_MAX }, () => calls.change());
    try {
      await until(
        'all connections are taken',
        async () => (await sessions(`wait_event_type = 'Lock'`)) === POOL_MAX,
      );
      const from = Date.now();
      const ready = calls.ready().then(({ status }) => ({ status, after: Date.now() - from }));
      const others = await within(10_000, Promise.all([calls.list(), calls.audit(), calls.handOut()]));
      for (const { status, headers } of others) {
        expect(status).toBe(503);
        expect(headers.get('retry-after')).toMatch(/^\d+$/);
      }
      expect(await ready).toEqual({ status: 503, after: expect.any(Number) });
      expect((await ready).after).toBeLessThan(4_000);
      figure('pool exhausted, /readyz red after, ms', (await ready).after);
      figure('pool exhausted, others answered after, ms', Date.now() - from);
    } finally {
      await locker.query('ROLLBACK');
    }
    for (const { status } of await within(BOUND_MS, Promise.all(holding))) expect(status).toBe(200);
    await expectRecovery();
  });

  it('a table that is locked: the queue is bounded, memory too, everybody is answered in time, and no session stays', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: CROWD });
    const before = await memoryMb();
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE access_tokens IN ACCESS EXCLUSIVE MODE');
    try {
      const answers = await within(
        BOUND_MS + 10_000,
        Promise.all(Array.from({ length: CROWD }, () => askForToken(agent))),
      );
      const after = await memoryMb();
      for (const { status, retryAfter } of answers)
        expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '1' });
      expect(answers.filter((answer) => answer.after < 12_000).length).toBeGreaterThan(0);
      for (const answer of answers) expect(answer.after).toBeLessThan(BOUND_MS);
      expect(after - before).toBeLessThan(CROWD_MEMORY_MB);
      figure('a locked table, the slowest answer, ms', Math.max(...answers.map((answer) => answer.after)));
      figure(`a locked table, memory for ${CROWD} who wait, MB`, Math.round(after - before));
      // Work that nobody waits for, such as noting what was used last, asks again by itself.
      await until(
        'one at most waits for the lock',
        async () => (await sessions(`wait_event_type = 'Lock'`)) <= 1,
        BOUND_MS,
      );
    } finally {
      agent.destroy();
      await locker.query('ROLLBACK');
    }
    await expectRecovery();
  }, 120_000);
});
