export { BulkLoader, type LoadRow, type LoadTarget } from './bulk-load/bulk-loader.js';
export { CachedRecords } from './changes/cached-records.js';
export { CHANNEL, ChangeFeed } from './changes/change-feed.js';
export { PostgresChangeFeed } from './changes/postgres-change-feed.js';
export { dataSourceOptions, type DatabaseConnection } from './data-source.js';
export { DatabaseModule } from './database.module.js';
export { Database } from './database.js';
export { DataFolderError, DataFolderInUseError } from './embedded/data-folder-lock.js';
export { EmbeddedEngine } from './embedded/embedded-engine.js';
export { selectColumns } from './entity-columns.js';
export { GroupCommit } from './group-commit.js';
export { GroupRead } from './group-read.js';
export { migrate, migrateDown, migrationStatus } from './migrate.js';
export { MoveError, moveDatabase, type MovedRows } from './move/database-move.js';
export { PeriodicBatch } from './periodic-batch.js';
export type { ReadSource } from './pool/pooled-queries.js';
export { Transaction, type Queryable, type QueryResult } from './queryable.js';
export { ReadReplicas } from './replicas/read-replicas.js';
export {
  hasSchema,
  migrationTitle,
  requireCurrentSchema,
  SchemaError,
  type MigrationListed,
} from './schema-state.js';
export { idInOrderOf, timeOrderedId } from './time-ordered-id.js';
export { touchLastUsed } from './touch.js';
export {
  DatabaseBusyError,
  isDatabaseUnavailable,
  violatesForeignKey,
  violatesUnique,
} from './unavailable.js';
