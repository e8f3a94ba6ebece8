import type { QueryRunner } from 'typeorm';

/**
 * How long each further table is waited for, in milliseconds: for all of them together less than the second
 * after which PostgreSQL looks for a deadlock, and ends whoever it finds in one.
 */
const FURTHER_MS = 100;

/**
 * Takes all tables that a migration changes before it changes any. While it waits for the first it holds nothing
 * that anybody waits for. Whoever has one of the others and comes for one that it has is let by: it gives up
 * before he could be ended, is rolled back, and is tried again (`migrate`).
 */
export async function lockTables(
  queryRunner: QueryRunner,
  first: string,
  ...others: string[]
): Promise<void> {
  await queryRunner.query(`LOCK TABLE ${first} IN ACCESS EXCLUSIVE MODE`);
  await queryRunner.query(`SET LOCAL lock_timeout = ${FURTHER_MS}`);
  for (const table of others) await queryRunner.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
}
