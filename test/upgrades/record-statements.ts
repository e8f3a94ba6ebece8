import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { Configuration } from '#configuration';
import { dataSourceOptions } from '#database';
import { startServer } from '../../apps/server/server.js';
import { startPostgres } from '../support/postgres-server.js';
import { fileOf, type RecordedStatement } from './recorded-statements.js';

/**
 * Writes down what this version says to a database while every feature is used, so that later versions
 * can hear whether their schema still answers it: `npm run upgrades:record -- <file>`, at a release.
 */
const file = process.argv[2];
if (!file) throw new Error('Name the file to write.');
process.env.POSTERN_TEST_ADMIN_SECRET ??= 'the-secret-of-the-recorded-admin';
process.env.POSTERN_TEST_OWNER_PASSWORD ??= 'the password of the recorded owner';
Object.assign(globalThis, { posternLoadedOnce: { startServer, Configuration } });
const { TestEnvironment } = await import('../support/create-test-environment.js');
const { MovableClock } = await import('../support/movable-clock.js');
const { useEveryFeature } = await import('./every-feature.js');

const LONG_AFTER_S = 500 * 86_400;
/** Longer than what is written in batches waits. */
const BATCHES_MS = 3_000;

const postgres = await startPostgres();
const dataDir = await mkdtemp(join(tmpdir(), 'postern-record-'));
try {
  const connection = { url: postgres.url, poolMax: 1 };
  const dataSource = await new DataSource(dataSourceOptions(connection)).initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
  const recorded = recordStatements();
  const clock = new MovableClock();
  const server = await startServer(
    Configuration.from({
      PORT: '0',
      LOG_LEVEL: 'error',
      DATABASE_URL: postgres.url,
      POSTERN_DATA_DIR: dataDir,
      POSTERN_ADMIN_CLIENT_ID: 'test-admin',
      POSTERN_ADMIN_CLIENT_SECRET: process.env.POSTERN_TEST_ADMIN_SECRET,
      POSTERN_OWNER_PASSWORD: process.env.POSTERN_TEST_OWNER_PASSWORD,
      POSTERN_RATE_LIMIT_FAILURES: '100000',
      // Of no further use: what it seals lies in the file.
      POSTERN_MASTER_KEY: randomBytes(32).toString('base64'),
      POSTERN_VAULT: 'true',
    }),
    { clock, output: { write: () => true } as unknown as NodeJS.WriteStream, pruneEveryMs: BATCHES_MS * 2 },
  );
  const database = { dataDir, environment: {}, drop: async () => {} };
  await useEveryFeature(new TestEnvironment(server, database, clock));
  await pause(BATCHES_MS);
  clock.advance(LONG_AFTER_S);
  await pause(BATCHES_MS * 3);
  await server.close();
  await writeFile(file, fileOf(recorded));
  process.stdout.write(`${recorded.length} statements\n`);
} finally {
  await rm(dataDir, { recursive: true, force: true });
  await postgres.stop();
}

/** What goes over pg's clients from now on, in the order of the commits; what was rolled back is left out. */
function recordStatements(): RecordedStatement[] {
  const recorded: RecordedStatement[] = [];
  const open = new Map<pg.Client, RecordedStatement[]>();
  const keep = (client: pg.Client, statement: RecordedStatement) => {
    const word = /^\s*(\w+)/.exec(statement.sql)?.[1]?.toUpperCase();
    const transaction = open.get(client);
    if (word === 'START' || word === 'BEGIN') open.set(client, []);
    else if (word === 'COMMIT' || word === 'ROLLBACK') {
      if (transaction && word === 'COMMIT') recorded.push(...transaction);
      open.delete(client);
    } else if (isOfTheServer(statement.sql)) (transaction ?? recorded).push(statement);
  };
  const query = pg.Client.prototype.query as (...parameters: any[]) => any;
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: any[]) {
    const [config, second] = parameters;
    if (typeof config?.submit === 'function') return query.apply(this, parameters);
    const sql = typeof config === 'string' ? config : config.text;
    const values = (Array.isArray(second) ? second : config.values) ?? [];
    const answered = (result: pg.QueryResult) => keep(this, { sql, values, rows: result.rowCount ?? 0 });
    const last = parameters.length - 1;
    const callback = parameters[last];
    if (typeof callback !== 'function') {
      return query.apply(this, parameters).then((result: pg.QueryResult) => {
        answered(result);
        return result;
      });
    }
    parameters[last] = (error: Error | null, result: pg.QueryResult) => {
      if (!error) answered(result);
      callback(error, result);
    };
    return query.apply(this, parameters);
  } as typeof pg.Client.prototype.query;
  return recorded;
}

/** Not what TypeORM and the migrations say, nor what belongs to a session or asks whether it is there. */
function isOfTheServer(sql: string): boolean {
  return !/pg_notify\(\$|schema_migrations|typeorm_metadata|information_schema|pg_advisory_(un)?lock\(|^\s*(LISTEN|SHOW|SET|SELECT version)/i.test(
    sql,
  );
}
