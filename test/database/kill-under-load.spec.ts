import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AcknowledgedLoad } from '../support/acknowledged-load.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { figure } from '../support/figures.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/waiting.js';

/** `POSTERN_TEST_KILLS=20` for the figure of docs/reliability.md. */
const KILLS = Number(process.env.POSTERN_TEST_KILLS ?? 2);
/** For each start, on a machine that has other things to do. */
const PATIENCE_MS = 60_000;
/** How much of each must have been answered before a kill. */
const BEFORE_KILL = {
  fetched: 25,
  handedOut: 10,
  revoked: 5,
  clients: 5,
  secrets: 3,
  refused: 8,
  families: 2,
};

describe('kill -9 under load', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterEach(() => ServerProcess.killAll());
  afterAll(() => database.drop());

  it(
    `loses nothing that was answered, ${KILLS} times in a row`,
    async () => {
      let server = await ServerProcess.start(database.environment);
      const load = await AcknowledgedLoad.at(server.url);
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const before = load.counts;
        await load.begin(server.url);
        const isEnough = () =>
          Object.entries(BEFORE_KILL).every(([kind, count]) => load.counts[kind]! - before[kind]! >= count);
        await until('enough was answered', isEnough, PATIENCE_MS);
        await server.kill('SIGKILL');
        await load.end();
        server = await ServerProcess.start(database.environment);
        await load.expectNothingLost(server.url);
      }
      expect(load.unexpected).toEqual([]);
      figure('kill -9, acknowledged and there', { kills: KILLS, all: load.total, ...load.counts });
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
    PATIENCE_MS * (KILLS + 1),
  );
});
