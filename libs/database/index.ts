export { dataSourceOptions, type DatabaseConnection } from './data-source.js';
export { DatabaseModule } from './database.module.js';
export { Database } from './database.js';
export { DataFolderInUseError } from './embedded/data-folder-lock.js';
export { EmbeddedEngine } from './embedded/embedded-engine.js';
export { GroupCommit } from './group-commit.js';
export { Transaction, type Queryable, type QueryResult } from './queryable.js';
export { isDatabaseUnavailable, violatesUnique } from './unavailable.js';
