import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { migrations } from './migrations/index.js';
import { BoundedPool } from './pool/bounded-pool.js';

/** Where PostgreSQL is, and how many connections it bears. */
export interface DatabaseConnection {
  /** A PostgreSQL URL, or the folder of the embedded engine's Unix socket. */
  url?: string;
  socketFolder?: string;
  poolMax: number;
  /** Standbys of it that may be read from. */
  replicaUrls?: readonly string[];
  /** Of the embedded engine where it runs in this process: who else is connected to it. */
  connections?: ConnectionCount;
}

/** How many connections the embedded engine bears at the moment, whoever made them. */
export interface ConnectionCount {
  readonly open: number;
  onChange(listener: () => void): void;
}

/**
 * How long a connection, a free place in the pool, and the answer to one statement are waited for,
 * in milliseconds. A caller of ours gets 503 afterwards, also where the network swallows everything.
 * The client counts, as the embedded engine's sessions share one SET and a pooler may refuse it.
 *
 * The embedded engine cannot be out of reach, and its one session is waited for by everybody: an
 * import of some size there is a reason to wait, not to refuse.
 */
const PATIENCE = {
  server: { connectTimeoutMS: 5_000, queryTimeoutMs: 15_000 },
  embedded: { connectTimeoutMS: 30_000, queryTimeoutMs: 60_000 },
};

/**
 * Both engines speak one dialect: the same options, migrations and SQL serve either.
 * @param bounded whether a statement that is not answered in time fails. Migrations, and waiting for
 *   another instance's, take as long as they take
 */
export function dataSourceOptions(
  connection: DatabaseConnection,
  { bounded = true } = {},
): DataSourceOptions {
  const { connectTimeoutMS, queryTimeoutMs } = connection.url ? PATIENCE.server : PATIENCE.embedded;
  return {
    type: 'postgres',
    driver: { ...pg, Pool: BoundedPool },
    ...(connection.url
      ? { url: connection.url }
      : { host: connection.socketFolder!, port: 5432, username: 'postgres', database: 'postgres' }),
    applicationName: 'postern',
    poolSize: connection.poolMax,
    connectTimeoutMS,
    installExtensions: false,
    synchronize: false,
    migrations,
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'each',
    extra: {
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      ...(bounded ? { query_timeout: queryTimeoutMs } : {}),
    },
    // A connection that breaks while idle is replaced by the pool; it must not end the process.
    poolErrorHandler: () => {},
  };
}
