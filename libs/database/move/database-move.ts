import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';
import type { DatabaseConnection } from '../data-source.js';
import { migrate } from '../migrate.js';
import { requireCurrentSchema } from '../schema-state.js';
import { movedTables, movedTriggers, sequenceValues, type MovedTable } from './move-catalogue.js';

/** The database cannot be moved, and the target is as it was, but for an empty schema; `message` is for the operator. */
export class MoveError extends Error {}

export interface MovedRows {
  table: string;
  rows: number;
  /** Over all rows, whatever their order; the same in both databases, or nothing was moved. */
  checksum: string;
}

export interface MoveProgress {
  /** In bytes as they lie in the source, of all tables. */
  begin(bytes: number): void;
  add(bytes: number): void;
}

/** Bytes of a table that are read at once: the embedded engine has no other way to wait for whoever takes them. */
const SLICE_BLOCKS = 512;
const BLOCK = 8192;

/**
 * Copies a whole database into an empty one, rows as they are: hashes, seals, the audit log with its chain.
 * One transaction there, which is committed when both hold the same: cut off at any point, the target is
 * empty still. Nobody may write to the source meanwhile; it is brought to this version's schema, as a
 * start would, and otherwise only read, in one snapshot.
 * @throws MoveError, SchemaError
 */
export async function moveDatabase(
  source: DatabaseConnection,
  target: DatabaseConnection,
  progress: MoveProgress,
): Promise<MovedRows[]> {
  await refuseOtherTables(target);
  await migrate(source);
  await migrate(target);
  return withClients([source, target], async ([reads, writes]) => {
    await writes.query('BEGIN');
    await requireEmpty(writes);
    await reads.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const tables = await tablesOfBoth(reads, writes);
    await makePartitions(writes, tables);
    const triggers = await movedTriggers(writes);
    for (const { table, name } of triggers)
      await writes.query(`ALTER TABLE ${table} DISABLE TRIGGER ${name}`);
    progress.begin(await bytesOf(reads, tables));
    for (const table of tables) await copy(reads, writes, table, progress);
    await setSequences(reads, writes);
    await writes.query('SET CONSTRAINTS ALL IMMEDIATE');
    const moved = await compare(reads, writes, tables);
    for (const { table, name, enabled } of triggers)
      await writes.query(`ALTER TABLE ${table} ENABLE ${ENABLED[enabled]} TRIGGER ${name}`);
    await writes.query('COMMIT');
    await reads.query('COMMIT');
    await writes.query('ANALYZE');
    return moved;
  });
}

const ENABLED = { O: '', A: 'ALWAYS', R: 'REPLICA' };

/** Before the schema is made there: what is somebody else's stays alone. */
async function refuseOtherTables(target: DatabaseConnection): Promise<void> {
  await withClients([target], async ([session]) => {
    const { rows } = await session.query<{ encoding: string; others: string[]; ours: boolean }>(
      `SELECT current_setting('server_encoding') AS encoding, to_regclass('schema_migrations') IS NOT NULL AS ours,
         ARRAY(SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1) AS others`,
    );
    const { encoding, others, ours } = rows[0]!;
    if (encoding !== 'UTF8')
      throw new MoveError(
        `The target's encoding is ${encoding}; Postern takes a database made with ENCODING 'UTF8'.`,
      );
    if (!ours && others.length > 0)
      throw new MoveError(`The target is not empty: it has tables of somebody else's, such as ${others[0]}.`);
  });
}

async function tablesOfBoth(reads: pg.Client, writes: pg.Client): Promise<MovedTable[]> {
  await requireCurrentSchema(onlyRows(writes));
  const [ours, theirs] = [await movedTables(reads), await movedTables(writes)];
  const shapeThere = new Map(theirs.map(({ name, shape }) => [name, shape]));
  for (const { name, shape } of ours) {
    if (!shapeThere.has(name))
      throw new MoveError(`The source has a table of somebody else's, ${name}; move or remove it first.`);
    if (shapeThere.get(name) !== shape)
      throw new MoveError(`The table ${name} has other columns in the target than in the source.`);
  }
  return ours;
}

/** And keeps it so: a server that starts there meanwhile waits. */
async function requireEmpty(writes: pg.Client): Promise<void> {
  for (const { name } of await movedTables(writes)) {
    const { rowCount } = await writes.query(`SELECT 1 FROM ${name} LIMIT 1`);
    if (rowCount !== 0)
      throw new MoveError(
        `The target is not empty: ${name} has rows. Postern moves into a database that no server has started on.`,
      );
    await writes.query(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`);
  }
}

/** Those of the source that the target lacks. */
async function makePartitions(writes: pg.Client, tables: readonly MovedTable[]): Promise<void> {
  for (const { name, leaves } of tables) {
    for (const leaf of leaves) {
      const { rows } = await writes.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
        leaf.name,
      ]);
      if (leaf.bound === null || rows[0]!.there) continue;
      await writes.query(`CREATE TABLE ${leaf.name} PARTITION OF ${name} ${leaf.bound}`);
      for (const trigger of leaf.triggers)
        await writes.query(trigger.replace('CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'));
    }
  }
}

async function bytesOf(reads: pg.Client, tables: readonly MovedTable[]): Promise<number> {
  const leaves = tables.flatMap((table) => table.leaves.map(({ name }) => name));
  const { rows } = await reads.query<{ bytes: string }>(
    'SELECT coalesce(sum(pg_relation_size(name::regclass)), 0)::text AS bytes FROM unnest($1::text[]) AS name',
    [leaves],
  );
  return Number(rows[0]!.bytes);
}

async function copy(
  reads: pg.Client,
  writes: pg.Client,
  table: MovedTable,
  progress: MoveProgress,
): Promise<void> {
  const columns = table.columns.join(', ');
  const target = writes.query(from(`COPY ${table.name} (${columns}) FROM STDIN`));
  await pipeline(async function* () {
    for (const { name } of table.leaves) {
      const bytes = await bytesOf(reads, [{ ...table, leaves: [{ name, bound: null, triggers: [] }] }]);
      for (let block = 0; block * BLOCK < bytes; block += SLICE_BLOCKS) {
        const rows = `ctid >= '(${block},0)' AND ctid < '(${block + SLICE_BLOCKS},0)'`;
        yield* reads.query(to(`COPY (SELECT ${columns} FROM ${name} WHERE ${rows}) TO STDOUT`));
        progress.add(Math.min(SLICE_BLOCKS * BLOCK, bytes - block * BLOCK));
      }
    }
  }, target);
}

async function setSequences(reads: pg.Client, writes: pg.Client): Promise<void> {
  for (const { name, value } of await sequenceValues(reads)) {
    if (value !== null) await writes.query('SELECT setval($1::regclass, $2::bigint)', [name, value]);
  }
}

async function compare(
  reads: pg.Client,
  writes: pg.Client,
  tables: readonly MovedTable[],
): Promise<MovedRows[]> {
  const moved: MovedRows[] = [];
  for (const table of tables) {
    const [here, there] = [await sumOf(reads, table), await sumOf(writes, table)];
    if (here.rows !== there.rows || here.checksum !== there.checksum)
      throw new MoveError(
        `${table.name} is not the same in both: ${here.rows} rows here, ${there.rows} there. Nothing was moved.`,
      );
    moved.push({ table: table.name, ...here });
  }
  return moved;
}

/** Over the SHA-256 of each row as text, which sessions of the same settings write alike. */
async function sumOf(
  session: pg.Client,
  { name, columns }: MovedTable,
): Promise<{ rows: number; checksum: string }> {
  const { rows } = await session.query<{ rows: number; checksum: string }>(
    `SELECT count(*)::float8 AS rows, coalesce(sum(('x' || left(hash, 16))::bit(64)::bigint::numeric), 0)::text || '/' ||
       coalesce(sum(('x' || substr(hash, 17, 16))::bit(64)::bigint::numeric), 0)::text AS checksum
     FROM (SELECT encode(sha256(convert_to(ROW(${columns.join(', ')})::text, 'UTF8')), 'hex') AS hash FROM ${name}) AS hashes`,
  );
  return rows[0]!;
}

/** Rows as text are the same only where these are. */
const SETTINGS = [
  `SET client_encoding = 'UTF8'`,
  `SET DateStyle = 'ISO, YMD'`,
  `SET IntervalStyle = 'postgres'`,
  `SET TimeZone = 'UTC'`,
  `SET bytea_output = 'hex'`,
  'SET extra_float_digits = 1',
];

async function withClients<Result>(
  connections: DatabaseConnection[],
  work: (clients: [pg.Client, pg.Client]) => Promise<Result>,
): Promise<Result> {
  const clients = connections.map(
    ({ url, socketFolder }) =>
      new pg.Client({
        ...(url
          ? { connectionString: url }
          : { host: socketFolder!, user: 'postgres', database: 'postgres' }),
        application_name: 'postern move',
      }),
  );
  // One that breaks says so by the query that is under way.
  for (const client of clients) client.on('error', () => {});
  try {
    for (const client of clients) {
      await client.connect();
      for (const setting of SETTINGS) await client.query(setting);
    }
    return await work(clients as [pg.Client, pg.Client]);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

const onlyRows = (session: pg.Client) => ({
  query: async (sql: string, parameters?: unknown[]) =>
    (await session.query(sql, parameters)).rows as unknown,
});
