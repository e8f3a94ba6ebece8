import type { DataSourceOptions } from 'typeorm';
import { migrations } from './migrations/index.js';

/** Where PostgreSQL is, and how many connections it bears. */
export interface DatabaseConnection {
  /** A PostgreSQL URL, or the folder of the embedded engine's Unix socket. */
  url?: string;
  socketFolder?: string;
  poolMax: number;
}

/** Both engines speak one dialect: the same options, migrations and SQL serve either. */
export function dataSourceOptions(connection: DatabaseConnection): DataSourceOptions {
  return {
    type: 'postgres',
    ...(connection.url
      ? { url: connection.url }
      : { host: connection.socketFolder!, port: 5432, username: 'postgres', database: 'postgres' }),
    applicationName: 'postern',
    poolSize: connection.poolMax,
    connectTimeoutMS: 5_000,
    installExtensions: false,
    synchronize: false,
    migrations,
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'each',
    extra: { idleTimeoutMillis: 30_000, keepAlive: true },
    // A connection that breaks while idle is replaced by the pool; it must not end the process.
    poolErrorHandler: () => {},
  };
}
