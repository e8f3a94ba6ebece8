import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess, START_MS } from '../support/server-process.js';
import { until, within } from '../support/waiting.js';

/** Ends the engine's thread on SIGUSR2, as a crash would. */
const END_ENGINE_ON_SIGNAL = `data:text/javascript,${encodeURIComponent(`
  import threads, { Worker } from 'node:worker_threads';
  import { syncBuiltinESMExports } from 'node:module';
  threads.Worker = class extends Worker {
    constructor(...parameters) {
      super(...parameters);
      process.once('SIGUSR2', () => this.terminate());
    }
  };
  syncBuiltinESMExports();
`)}`;

describe('the embedded data folder', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(async () => {
    await ServerProcess.killAll();
    await database.drop();
  });

  const admin = (server: ServerProcess) =>
    ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);

  it('is closed to other users, belongs to one process, and has no socket left after SIGTERM', async () => {
    const first = await ServerProcess.start(database.environment);
    const run = join(database.dataDir, 'run');
    expect((await stat(run)).mode & 0o777).toBe(0o700);
    expect((await readdir(run)).sort()).toEqual(['.s.PGSQL.5432', 'lock']);

    const second = ServerProcess.spawn(database.environment);
    expect(await within(20_000, second.exited)).toEqual({ code: 1, signal: null });
    expect(second.output).toBe(
      `The data folder ${database.dataDir} is in use by another Postern process. ` +
        'Stop that one first, or set POSTERN_DATA_DIR to another folder.\n',
    );
    const { status } = await admin(first).post('/api/v1/clients', { body: { name: 'unharmed' } });
    expect(status).toBe(201);

    expect(await first.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await readdir(run)).toEqual([]);
  });

  it('goes to exactly one of two that start together after kill -9', async () => {
    const before = await ServerProcess.start(database.environment);
    await before.kill('SIGKILL');
    const both = [ServerProcess.spawn(database.environment), ServerProcess.spawn(database.environment)];
    const results = await Promise.allSettled(both.map(({ ready }) => within(START_MS, ready)));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const loser = both[results.findIndex(({ status }) => status === 'rejected')]!;
    expect(await within(20_000, loser.exited)).toEqual({ code: 1, signal: null });
    expect(loser.output).toContain('is in use by another Postern process');
    const winner = both.find((one) => one !== loser)!;
    expect((await admin(winner).get('/api/v1/clients')).status).toBe(200);
  });

  it('ends the process when the engine dies, instead of answering errors for ever', async () => {
    const server = await ServerProcess.start(database.environment, {
      nodeArguments: ['--import', END_ENGINE_ON_SIGNAL],
    });
    expect(await server.kill('SIGUSR2', 5_000)).toEqual({ code: 1, signal: null });
    expect(server.output).toContain('The database has ended, and Postern with it');
    const again = await ServerProcess.start(database.environment);
    expect((await admin(again).get('/api/v1/clients')).status).toBe(200);
  });

  it('names a folder that cannot be used', async () => {
    const folder = join(database.dataDir, 'postgres', 'PG_VERSION', 'data');
    const server = ServerProcess.spawn({ POSTERN_DATA_DIR: folder });
    expect(await within(20_000, server.exited)).toEqual({ code: 1, signal: null });
    expect(server.output).toBe(
      `The data folder ${folder} cannot be used: ENOTDIR: not a directory, mkdir '${folder}'\n`,
    );
  });
});

describe('a first start that is cut off while it makes the database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase({ state: 'absent' });
  });
  afterEach(async () => {
    await ServerProcess.killAll();
    await database.drop();
  });

  it('by SIGTERM or SIGKILL ends at once, and the next one finishes', async () => {
    const unfinished = join(database.dataDir, 'postgres.new', 'PG_VERSION');
    for (const [signal, exit] of [
      ['SIGTERM', { code: 0, signal: null }],
      ['SIGKILL', { code: null, signal: 'SIGKILL' }],
    ] as const) {
      await rm(join(database.dataDir, 'postgres.new'), { recursive: true, force: true });
      const cutOff = ServerProcess.spawn(database.environment);
      await until('the database is being made', () => existsSync(unfinished), START_MS);
      expect(await cutOff.kill(signal, 5_000)).toEqual(exit);
    }

    const server = await ServerProcess.start(database.environment);
    expect(server.output).toContain('First start.');
    expect(await readdir(database.dataDir)).toEqual(expect.not.arrayContaining(['postgres.new']));
    expect((await stat(join(database.dataDir, 'postgres'))).mode & 0o077).toBe(0);
  });
});
