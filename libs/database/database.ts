import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { Transaction, type Queryable, type QueryResult } from './queryable.js';
import { isDatabaseUnavailable } from './unavailable.js';

/** The one door to PostgreSQL: TypeORM's DataSource, and hand-written SQL through the same pool. */
@Injectable()
export class Database implements Queryable {
  constructor(private readonly dataSource: DataSource) {}

  async query<Row extends object>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    const { rows, rowCount } = await this.pool.query<Row>(sql, [...parameters]);
    return { rows, rowCount: rowCount ?? 0 };
  }

  /** Runs `work` in one transaction: all of it is durable when the promise resolves, or none. */
  async transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const queryRunner = this.dataSource.createQueryRunner();
    try {
      await queryRunner.startTransaction();
      const result = await work(new Transaction(queryRunner.manager));
      await queryRunner.commitTransaction();
      return result;
    } catch (error) {
      await abandon(queryRunner, error);
      throw error;
    } finally {
      await queryRunner.release();
    }
  }

  private get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}

/**
 * Rolls back. Where the database did not answer, asking once more would take as long again, and the
 * pool would lend the connection out with a statement still under way: it is ended instead, and
 * PostgreSQL rolls back what a lost connection leaves.
 */
async function abandon(queryRunner: QueryRunner, error: unknown): Promise<void> {
  if (!queryRunner.isTransactionActive) return;
  try {
    if (!isDatabaseUnavailable(error)) return await queryRunner.rollbackTransaction();
  } catch {
    // As good as unavailable.
  }
  const client = (await queryRunner.connect()) as PoolClient & { end(): Promise<void> };
  client.end().catch(() => {});
}
