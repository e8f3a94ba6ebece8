import { setTimeout as pause } from 'node:timers/promises';
import { AbstractLogger, DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { dataSourceOptions, type DatabaseConnection } from './data-source.js';
import {
  listMigrations,
  migrationsUpTo,
  NEWEST,
  requireKnown,
  type MigrationListed,
} from './schema-state.js';
import { isWaitForLockOver } from './unavailable.js';

/** One number for the lock that every instance takes before it migrates (any constant will do). */
const MIGRATION_LOCK = 7_067_861_173;
const LOCK_EVERY_MS = 200;
/**
 * How long a change waits for its table, in milliseconds: whoever comes after it waits with it, so it
 * stands back after a while, lets them by, and tries again.
 */
const LOCK_TIMEOUT_MS = 1_000;
const ATTEMPTS = 300;
const REST_MS = 1_000;

interface MigrateOptions {
  /** The number of the last migration to apply. */
  to?: number;
}

/**
 * Applies what is missing, one instance at a time: the others wait for the advisory lock and
 * then find nothing to do. Lock and migrations share a session, which is not bounded in time.
 * @returns what was applied
 * @throws SchemaError where a later version of Postern has been at the database
 */
export function migrate(
  connection: DatabaseConnection,
  { to = NEWEST }: MigrateOptions = {},
): Promise<MigrationListed[]> {
  return alone(connection, to, async (executor, queryRunner) => {
    const before = await listMigrations(queryRunner);
    requireKnown(before);
    await patiently(() => executor.executePendingMigrations());
    const applied = new Set(before.filter(({ state }) => state === 'applied').map(({ number }) => number));
    const after = await listMigrations(queryRunner);
    return after.filter(({ number, state }) => state === 'applied' && !applied.has(number));
  });
}

/**
 * Takes migrations back, the newest first, each with what only it has room for.
 * @param to the number of the newest one that stays; 0: none
 * @returns what was taken back
 * @throws SchemaError where a later version of Postern has been at the database
 */
export function migrateDown(connection: DatabaseConnection, to: number): Promise<MigrationListed[]> {
  return alone(connection, NEWEST, async (executor, queryRunner) => {
    const listed = await listMigrations(queryRunner);
    requireKnown(listed);
    const doomed = listed.filter(({ number, state }) => state === 'applied' && number > to).toReversed();
    for (let undone = 0; undone < doomed.length; undone += 1)
      await patiently(() => executor.undoLastMigration());
    return doomed;
  });
}

/** Which migrations there are, and which are applied; changes nothing, and waits for nobody. */
export function migrationStatus(connection: DatabaseConnection): Promise<MigrationListed[]> {
  return withSession(connection, NEWEST, (_, queryRunner) => listMigrations(queryRunner));
}

async function alone<Result>(
  connection: DatabaseConnection,
  to: number,
  work: (executor: MigrationExecutor, queryRunner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  return withSession(connection, to, async (dataSource, queryRunner) => {
    await takeLock(queryRunner);
    try {
      await queryRunner.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
      const executor = new MigrationExecutor(dataSource, queryRunner);
      executor.transaction = 'each';
      return await work(executor, queryRunner);
    } finally {
      // The embedded engine's sessions share one SET.
      await queryRunner.query('RESET lock_timeout');
      await queryRunner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  });
}

/**
 * Asks again and again, as long as another instance's migrations take: a statement that waited would keep
 * an index from being built beside it, which waits for all that is under way.
 */
async function takeLock(queryRunner: QueryRunner): Promise<void> {
  for (;;) {
    const [{ taken }] = await queryRunner.query('SELECT pg_try_advisory_lock($1) AS taken', [MIGRATION_LOCK]);
    if (taken) return;
    await pause(LOCK_EVERY_MS);
  }
}

async function withSession<Result>(
  connection: DatabaseConnection,
  to: number,
  work: (dataSource: DataSource, queryRunner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const options = dataSourceOptions({ ...connection, poolMax: 1 }, { bounded: false });
  const dataSource = await new DataSource({
    ...options,
    migrations: migrationsUpTo(to),
    logger: new Silence(),
  }).initialize();
  try {
    const queryRunner = dataSource.createQueryRunner();
    try {
      return await work(dataSource, queryRunner);
    } finally {
      await queryRunner.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

/** A migration that does not get its lock was rolled back; those before it stay. */
async function patiently(step: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await step();
      return;
    } catch (error) {
      if (!isWaitForLockOver(error) || attempt === ATTEMPTS) throw error;
    }
    await pause(REST_MS);
  }
}

/** TypeORM tells of a migration that failed on stdout; whoever asked for it hears of it already. */
class Silence extends AbstractLogger {
  protected writeLog(): void {}
}
