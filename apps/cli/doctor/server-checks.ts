import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Configuration } from '#configuration';
import { isDatabaseUnavailable, migrationStatus, migrationTitle, type DatabaseConnection } from '#database';
import { fail, ok, warn, type Finding } from './finding.js';

const OLDEST = 150_000;
const HEARD_MS = 2_000;
const CONNECT_MS = 5_000;
const CHANNEL = 'postern_doctor';
/** Seconds that the clocks may be apart; codes live for a minute. */
const APART = { warn: 2, fail: 30 };
/** Beside the pool: the one that listens, and one for a command or a start. */
const BESIDE_POOL = 2;
const STANDBY_LAG_SECONDS = 10;

type Row = Record<string, string | number | boolean | null>;

async function one(session: DataSource, sql: string): Promise<Row> {
  return ((await session.query(sql)) as Row[])[0]!;
}

/** PostgreSQL itself, whatever is in the database. */
export async function serverFindings(
  session: DataSource,
  connection: DatabaseConnection,
  configuration: Configuration,
  instances: number,
): Promise<Finding[]> {
  const findings = [await version(session), await schema(connection), await clock(session)];
  if (!connection.url) return findings;
  return [
    ...findings,
    await durability(session),
    await connections(session, configuration, instances),
    await notifications(connection.url),
    ...(await Promise.all(configuration.databaseReplicaUrls.map(standby))),
  ];
}

async function version(session: DataSource): Promise<Finding> {
  const { number, text } = await one(
    session,
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`,
  );
  if (Number(number) >= OLDEST) return ok('version', `PostgreSQL ${text}`);
  return fail('version', `PostgreSQL ${text}`, 'Postern needs PostgreSQL 15 or later.');
}

async function schema(connection: DatabaseConnection): Promise<Finding> {
  const listed = await migrationStatus(connection);
  const titles = (state: string) =>
    listed
      .filter((one) => one.state === state)
      .map(migrationTitle)
      .join(', ');
  if (titles('unknown'))
    return fail(
      'schema',
      `newer than this version: ${titles('unknown')}`,
      'Run the version that made it, or a later one.',
    );
  if (titles('pending'))
    return fail(
      'schema',
      `lacks ${titles('pending')}`,
      '`postern migrate up` applies them, as does a start of the server.',
    );
  return ok('schema', `${listed.length} migrations, none missing`);
}

async function clock(session: DataSource): Promise<Finding> {
  const before = Date.now();
  const { now } = await one(session, 'SELECT extract(epoch FROM clock_timestamp())::float8 AS now');
  const here = (before + Date.now()) / 2000;
  const apart = Math.abs(Number(now) - here);
  const found = `${apart.toFixed(2)} s from the database’s`;
  if (apart < APART.warn) return ok('clock', found);
  const remedy = 'Let NTP set both: tokens and codes are dated by this one.';
  return apart < APART.fail ? warn('clock', found, remedy) : fail('clock', found, remedy);
}

async function durability(session: DataSource): Promise<Finding> {
  const settings = await one(
    session,
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('full_page_writes') AS full_page_writes`,
  );
  const off = Object.entries(settings).flatMap(([name, value]) => (value === 'off' ? [name] : []));
  if (off.length === 0) return ok('durability', 'a commit is on disk before it is answered');
  return fail(
    'durability',
    `off: ${off.join(', ')}`,
    'Turn them on: a crash of the server loses tokens and revocations that were acknowledged.',
  );
}

async function connections(
  session: DataSource,
  { databasePoolMax }: Configuration,
  asked: number,
): Promise<Finding> {
  const { most, kept, running } = await one(
    session,
    `SELECT current_setting('max_connections')::int AS most,
       current_setting('superuser_reserved_connections')::int AS kept,
       (SELECT count(*)::int FROM pg_stat_activity
        WHERE application_name = 'postern changes' AND datname = current_database()) AS running`,
  );
  const instances = Math.max(asked, Number(running));
  const needed = instances * (databasePoolMax + BESIDE_POOL);
  const room = Number(most) - Number(kept);
  const found = `${instances} × (DATABASE_POOL_MAX ${databasePoolMax} + ${BESIDE_POOL}) = ${needed} of ${room}`;
  if (needed <= room) return ok('connections', found);
  return fail(
    'connections',
    found,
    'Lower DATABASE_POOL_MAX, raise max_connections, or put a pooler in between.',
  );
}

/** Whether a session hears another: where a pooler lends sessions by the transaction, it does not. */
async function notifications(url: string): Promise<Finding> {
  const name = 'notifications';
  const [listener, speaker] = [0, 1].map(() =>
    new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
    }).on('error', () => {}),
  ) as [pg.Client, pg.Client];
  try {
    await Promise.all([listener.connect(), speaker.connect()]);
    const word = `${process.pid}-${Date.now()}`;
    const heard = new Promise<boolean>((resolve) => {
      listener.on('notification', ({ payload }) => payload === word && resolve(true));
    });
    await listener.query(`LISTEN ${CHANNEL}`);
    await speaker.query('SELECT pg_notify($1, $2)', [CHANNEL, word]);
    if (await Promise.race([heard, pause(HEARD_MS, false, { ref: false })]))
      return ok(name, 'LISTEN and NOTIFY work');
    return warn(
      name,
      'one session does not hear another',
      'Let DATABASE_URL go past a pooler in transaction mode: without notifications nothing is remembered, and every request asks the database.',
    );
  } finally {
    await Promise.all([listener.end(), speaker.end()]);
  }
}

/** Named by its place, as its URL holds a password. */
async function standby(url: string, index: number): Promise<Finding> {
  const name = `replica ${index + 1}`;
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
  }).on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ standby: boolean; lag: number | null }>(
      `SELECT pg_is_in_recovery() AS standby,
         CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
              ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8 END AS lag`,
    );
    const { standby: isStandby, lag } = rows[0]!;
    if (!isStandby)
      return warn(name, 'is no standby', 'DATABASE_REPLICA_URLS takes standbys of the same database.');
    const found = `${Number(lag ?? 0).toFixed(1)} s behind`;
    return Number(lag ?? 0) < STANDBY_LAG_SECONDS
      ? ok(name, found)
      : warn(name, found, 'Reads show what was; see why it lags.');
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return warn(
      name,
      `does not answer: ${(error as Error).message}`,
      'Reads go to the primary meanwhile; mend it, or take it out of DATABASE_REPLICA_URLS.',
    );
  } finally {
    await client.end().catch(() => {});
  }
}
