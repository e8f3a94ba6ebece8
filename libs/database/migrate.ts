import { MigrationExecutor, type DataSource, type Migration } from 'typeorm';

/** One number for the lock that every instance takes before it migrates (any constant will do). */
const MIGRATION_LOCK = 7_067_861_173;

/**
 * Applies what is missing, one instance at a time: the others wait for the advisory lock and
 * then find nothing to do. Lock and migrations share a session, as the embedded engine has one only.
 */
export async function migrate(dataSource: DataSource): Promise<Migration[]> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    await queryRunner.connect();
    await queryRunner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const executor = new MigrationExecutor(dataSource, queryRunner);
      executor.transaction = 'each';
      return await executor.executePendingMigrations();
    } finally {
      await queryRunner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await queryRunner.release();
  }
}
