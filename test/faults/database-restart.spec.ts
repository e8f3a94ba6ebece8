import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AcknowledgedLoad } from '../support/acknowledged-load.js';
import { ApiClient } from '../support/api-client.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { figure } from '../support/figures.js';
import { askOnce, startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/waiting.js';

const POOL_MAX = 5;
/** The one that listens for changes, and the one that greets it for a moment. */
const BESIDE_THE_POOL = 2;
/** `/readyz` gives the database two seconds. */
const RED_WITHIN_MS = 4_000;
const RECOVERED_WITHIN_MS = 5_000;

describeOnPostgres('PostgreSQL that is restarted under load', () => {
  let postgres: PostgresServer;
  let dataDir: string;
  let server: ServerProcess;
  let load: AcknowledgedLoad;

  beforeAll(async () => {
    // With fsync: what was acknowledged before a crash of PostgreSQL's own has to be there.
    [postgres, dataDir] = await Promise.all([
      startPostgres({ durable: true }),
      mkdtemp(join(tmpdir(), 'postern-')),
    ]);
    server = await ServerProcess.start({
      DATABASE_URL: postgres.url,
      DATABASE_POOL_MAX: String(POOL_MAX),
      POSTERN_DATA_DIR: dataDir,
      POSTERN_ADMIN_CLIENT_ID: 'test-admin',
      POSTERN_ADMIN_CLIENT_SECRET: process.env.POSTERN_TEST_ADMIN_SECRET!,
      POSTERN_OWNER_PASSWORD: process.env.POSTERN_TEST_OWNER_PASSWORD!,
      // Those who are refused under load come from one address.
      POSTERN_RATE_LIMIT_FAILURES: '100000',
    });
    load = await AcknowledgedLoad.at(server.url);
  });
  afterAll(async () => {
    await load?.end();
    await ServerProcess.killAll();
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const ready = async () => (await new ApiClient(server.url).get('/readyz')).status;
  const answered = (status: number) => load.answers.get(status) ?? 0;

  async function sessions(): Promise<number> {
    const [row] = await askOnce<{ count: number }>(
      postgres.url,
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name LIKE 'postern%'`,
    );
    return row!.count;
  }

  async function underLoad(fault: () => Promise<void>): Promise<void> {
    const { fetched, revoked } = load.counts;
    await load.begin();
    const hasWorked = () => load.counts.fetched! > fetched! + 10 && load.counts.revoked! > revoked! + 2;
    await until('there is load', hasWorked);
    await fault();
    const before = answered(200);
    await until('the load goes on', () => answered(200) > before + 20);
    await load.end();
    expect(load.unexpected).toEqual([]);
    await load.expectNothingLost();
    figure('acknowledged and there', load.counts);
    await until('no session is left over', async () => (await sessions()) <= POOL_MAX + BESIDE_THE_POOL);
  }

  it.each([
    { how: 'fast', signal: 'SIGINT' as const },
    { how: 'immediate', signal: 'SIGQUIT' as const },
  ])(
    'a $how shutdown and a start: 503, /readyz red, and all of it back in seconds, with nothing lost',
    async ({ signal }) => {
      await underLoad(async () => {
        const refused = answered(503);
        await postgres.halt(signal);
        const haltedAt = Date.now();
        await until('/readyz is red', async () => (await ready()) === 503, RED_WITHIN_MS);
        figure(`/readyz red after ${signal}, ms`, Date.now() - haltedAt);
        await until('callers are told', () => answered(503) > refused + 20);
        expect((await new ApiClient(server.url).get('/healthz')).status).toBe(200);
        await postgres.resume();
        const resumedAt = Date.now();
        await until('it is ready again', async () => (await ready()) === 200, RECOVERED_WITHIN_MS);
        figure(`ready again after ${signal}, ms`, Date.now() - resumedAt);
      });
    },
  );

  it('all connections ended at once, again and again: 503 for those who were on them, and on it goes', async () => {
    await underLoad(async () => {
      for (let round = 0; round < 5; round += 1) {
        const before = answered(200);
        await askOnce(
          postgres.url,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'postern%'`,
        );
        await until('calls are answered again', () => answered(200) > before + 5);
      }
    });
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
