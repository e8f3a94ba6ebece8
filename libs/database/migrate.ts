import { DataSource, MigrationExecutor, type Migration } from 'typeorm';
import { dataSourceOptions, type DatabaseConnection } from './data-source.js';

/** One number for the lock that every instance takes before it migrates (any constant will do). */
const MIGRATION_LOCK = 7_067_861_173;

/**
 * Applies what is missing, one instance at a time: the others wait for the advisory lock and
 * then find nothing to do. Lock and migrations share a session, which is not bounded in time.
 */
export async function migrate(connection: DatabaseConnection): Promise<Migration[]> {
  const options = dataSourceOptions({ ...connection, poolMax: 1 }, { bounded: false });
  const dataSource = await new DataSource(options).initialize();
  try {
    const queryRunner = dataSource.createQueryRunner();
    await queryRunner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const executor = new MigrationExecutor(dataSource, queryRunner);
      executor.transaction = 'each';
      return await executor.executePendingMigrations();
    } finally {
      await queryRunner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await queryRunner.release();
    }
  } finally {
    await dataSource.destroy();
  }
}
