import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  EmbeddedEngine,
  migrate,
  migrateDown,
  migrationStatus,
  migrationTitle,
  type DatabaseConnection,
  type MigrationListed,
} from '#database';
import { createTestEnvironment } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess } from '../support/server-process.js';
import { until, within } from '../support/waiting.js';
import { recordedAt, type RecordedStatement } from './recorded-statements.js';
import { writeAsUpTo } from './writers-of-each-schema.js';

/** The schema of the statements that were recorded. */
const RECORDED = 15;
/** Rows that a way down takes along although their table stays, by the migration that is taken back. */
const LOST_ON_THE_WAY: Record<number, string[]> = { 8: ['clients', 'client_secrets'] };

let database: TestDatabase;
let engine: EmbeddedEngine | undefined;
let connection: DatabaseConnection;
let session: pg.Client;
beforeEach(async () => {
  database = await createDatabase({ state: 'empty' });
  const url = database.environment.DATABASE_URL;
  engine = url ? undefined : await EmbeddedEngine.open(database.dataDir);
  connection = engine?.connection ?? { url, poolMax: 1 };
  session = await connect();
});
afterEach(async () => {
  await session.end();
  await engine?.close();
  await database.drop();
});

async function connect(): Promise<pg.Client> {
  const { url, socketFolder } = connection;
  const where = url
    ? { connectionString: url }
    : { host: socketFolder!, user: 'postgres', database: 'postgres' };
  const client = new pg.Client(where);
  await client.connect();
  return client;
}

/** Says what an instance of before said. @throws Error where the answer is another than it was */
async function say({ sql, values, rows }: RecordedStatement): Promise<void> {
  const result = await session.query(sql, values).catch((error: Error) => {
    throw new Error(`${error.message}: ${sql}`);
  });
  if ((result.rowCount ?? 0) !== rows) throw new Error(`${result.rowCount} rows, not ${rows}: ${sql}`);
}

async function rowsByTable(): Promise<Record<string, number>> {
  const { rows: tables } = await session.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
     AND NOT relispartition AND relname <> 'schema_migrations' ORDER BY 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await session.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${name}`);
    counts[name] = rows[0]!.count;
  }
  return counts;
}

const numbers = (listed: MigrationListed[]) => listed.map(({ number }) => number);

describe('the way up', () => {
  it('leads from the oldest schema to the newest, and instances of every schema on it go on writing', async () => {
    const expected: Record<string, number> = {};
    for (const number of numbers(await migrationStatus(connection))) {
      expect(numbers(await migrate(connection, { to: number }))).toEqual([number]);
      for (const table of await writeAsUpTo(number, session)) expected[table] = (expected[table] ?? 0) + 1;
    }
    expect(await rowsByTable()).toMatchObject(expected);
    expect(expected.customers).toBeGreaterThanOrEqual(RECORDED);
    expect((await migrationStatus(connection)).every(({ state }) => state === 'applied')).toBe(true);
  });

  it('has its rows in docs/upgrades.md: each migration, and each table with what bounds it', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/upgrades.md'), 'utf8');
    for (const migration of await migrationStatus(connection))
      expect(page).toContain(`| ${migrationTitle(migration)} `);
    await migrate(connection);
    for (const table of Object.keys(await rowsByTable())) expect(page).toContain(`| \`${table}\` `);
  });

  it('leaves an instance of schema 15 every answer that it had, while and after it is gone', async () => {
    const recorded = await recordedAt('015');
    await migrate(connection, { to: RECORDED });
    const newer = numbers(await migrationStatus(connection)).filter((number) => number > RECORDED);
    for (const number of newer) {
      await migrate(connection, { to: number });
      await session.query('BEGIN');
      for (const statement of recorded) await say(statement);
      await session.query('ROLLBACK');
    }
    await migrateDown(connection, RECORDED);

    // Once more, each migration at some point of what it says: on PostgreSQL without waiting for it.
    const ups = newer.map((number, index) => ({
      number,
      at: Math.floor((index / newer.length) * recorded.length),
    }));
    let migrating: Promise<unknown> = Promise.resolve();
    for (const [index, statement] of recorded.entries()) {
      for (const { number } of ups.filter(({ at }) => at === index)) {
        migrating = migrating.then(() => migrate(connection, { to: number }));
        if (engine) await migrating;
      }
      await say(statement);
    }
    await migrating;
    expect(numbers(await migrationStatus(connection)).at(-1)).toBe(newer.at(-1) ?? RECORDED);
    const events = recorded.filter(({ sql }) => sql.startsWith('INSERT INTO audit_events'));
    expect((await rowsByTable()).audit_events).toBeGreaterThanOrEqual(events.length);
  });
});

describe('the way down', () => {
  it('takes along what only the newer schema has room for, and comes up again', async () => {
    await migrate(connection, { to: RECORDED });
    for (const statement of await recordedAt('015')) if (!isPruning(statement)) await say(statement);
    await migrate(connection);
    const all = numbers(await migrationStatus(connection));
    let before = await rowsByTable();
    const full = Object.entries(before).filter(([, count]) => count > 0);
    expect(full.length).toBeGreaterThan(15);
    for (const number of all.toReversed()) {
      expect(numbers(await migrateDown(connection, number - 1))).toEqual([number]);
      const after = await rowsByTable();
      for (const [table, count] of Object.entries(after)) {
        if (!LOST_ON_THE_WAY[number]?.includes(table))
          expect([number, table, count]).toEqual([number, table, before[table]]);
      }
      before = after;
    }
    expect(before).toEqual({});
    expect(numbers(await migrate(connection))).toEqual(all);
  });
});

const isPruning = ({ sql }: RecordedStatement) => sql.startsWith('WITH removed AS');

describeOnPostgres('a migration that waits for its lock', () => {
  it('lets those by who come after it', async () => {
    await migrate(connection, { to: RECORDED - 1 });
    const beside = await connect();
    try {
      await beside.query('BEGIN');
      await writeAsUpTo(2, beside);
      let over = false;
      const isWaitedFor = async () => {
        const { rowCount } = await session.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rowCount! > 0;
      };
      const migrating = migrate(connection, { to: RECORDED }).finally(() => (over = true));
      for (let round = 0; round < 3; round += 1) {
        await until('the migration waits for its lock', isWaitedFor);
        await within(10_000, writeAsUpTo(2, session));
      }
      expect(over).toBe(false);
      await beside.query('COMMIT');
      expect(numbers(await within(20_000, migrating))).toEqual([RECORDED]);
      expect((await rowsByTable()).access_tokens).toBe(4);
    } finally {
      await beside.end();
    }
  });
});

describeOnPostgres('a migration of several tables', () => {
  it.each([
    [21, ['clients', 'access_tokens', 'refresh_tokens']],
    [22, ['operators', 'operator_sessions', 'authorization_grants']],
  ])(
    '(%i) gives way to whoever has one of them and comes for another',
    async (number, [first, second, last]) => {
      await migrate(connection, { to: number - 1 });
      const sessions = await Promise.all([connect(), connect()]);
      const [between, beside] = sessions as [pg.Client, pg.Client];
      // As a statement that inserts does.
      const use = (client: pg.Client, table: string) =>
        client.query(`LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
      try {
        await Promise.all(sessions.map((client) => client.query('BEGIN')));
        await use(between, second!);
        await use(beside, last!);
        const migrating = migrate(connection, { to: number });
        const isWaitedFor = async (table: string) => {
          const { rowCount } = await session.query(
            `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass`,
          );
          return rowCount! > 0;
        };
        await until('the migration waits', () => isWaitedFor(second!));
        let isLetBy = false;
        const used = use(beside, first!).then(() => (isLetBy = true));
        // Where he waits, he waits for longer than the migration will, and would be looked at first.
        await until('he waits, or is let by', async () => isLetBy || isWaitedFor(first!));
        await between.query('COMMIT');
        await within(10_000, used);
        await beside.query('COMMIT');
        expect(numbers(await within(20_000, migrating))).toEqual([number]);
      } finally {
        await Promise.all(sessions.map((client) => client.end()));
      }
    },
  );
});

describe('a schema of a later version', () => {
  const LATER = `INSERT INTO schema_migrations (timestamp, name) VALUES (1795200000999, 'FoldTheMap1795200000999')`;
  const WORDS =
    'The database is newer than this version of Postern, which does not know its 999 fold-the-map.';

  it('serves an instance that runs already; one that lacks something does not', async () => {
    const env = await createTestEnvironment();
    try {
      const ready = async () => (await env.anonymous.get('/readyz')).status;
      await env.database.query(LATER);
      expect(await ready()).toBe(200);
      const newest = 'SELECT max(id) FROM schema_migrations WHERE timestamp < 1795200000999';
      await env.database.query(`UPDATE schema_migrations SET name = name || '0' WHERE id = (${newest})`);
      expect(await ready()).toBe(503);
    } finally {
      await env.close();
    }
  });

  it('stops an instance that starts, in words that name what it does not know', async () => {
    await migrate(connection);
    await session.query(LATER);
    await expect(migrate(connection)).rejects.toThrow(WORDS);
    await expect(migrateDown(connection, 0)).rejects.toThrow(WORDS);
    expect((await migrationStatus(connection)).at(-1)).toEqual({
      number: 999,
      name: 'fold-the-map',
      state: 'unknown',
    });
    await session.end();
    await engine?.close();
    const server = ServerProcess.spawn(database.environment);
    expect(await within(30_000, server.exited)).toEqual({ code: 1, signal: null });
    expect(server.output.split('\n').at(-2)).toMatch(WORDS);
    expect(server.output).not.toContain('Retrying');
  });
});
