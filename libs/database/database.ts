import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { Tracing } from '#observability';
import { ChangeFeed } from './changes/change-feed.js';
import { cancelStatement, isStatementTimeout } from './pool/cancel-statement.js';
import { poolFigures, type PoolFigures } from './pool/pool-figures.js';
import { PooledQueries, type ReadSource } from './pool/pooled-queries.js';
import { Transaction, type QueryResult } from './queryable.js';
import { traceStatements } from './statement-spans.js';
import { isDatabaseUnavailable } from './unavailable.js';

/** The one door to PostgreSQL: TypeORM's DataSource, and hand-written SQL through the same pool. */
@Injectable()
export class Database implements ReadSource {
  private readonly pool: Pool;
  private readonly pooled: PooledQueries;
  private readonly isEmbedded: boolean;

  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: ChangeFeed,
    tracing: Tracing,
  ) {
    this.pool = poolOf(dataSource);
    this.pooled = new PooledQueries(this.pool);
    traceStatements(this.pool, tracing);
    this.isEmbedded = (dataSource.options as { url?: string }).url === undefined;
  }

  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<QueryResult<Row>> {
    return this.pooled.query(sql, parameters);
  }

  /** Connections of the embedded engine share one session and the names of what it has prepared, and do without. */
  queryAgain<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<QueryResult<Row>> {
    return this.isEmbedded ? this.pooled.query(sql, parameters) : this.pooled.queryAgain(sql, parameters);
  }

  /**
   * Resolves where the database answers by then, however many wait for it.
   * @throws Error that `isDatabaseUnavailable` knows, where it does not
   */
  async answersWithin(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('timeout expired')), ms);
    });
    const probe: QueryConfig & { query_timeout: number } = { text: 'SELECT 1', query_timeout: ms };
    try {
      await Promise.race([this.pool.query(probe), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Runs `work` in one transaction: all of it is durable when the promise resolves, or none, and
   * nothing that it changed is remembered here any longer.
   */
  async transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const result = await this.commit(work);
    await this.changes.settle();
    return result;
  }

  pools(): PoolFigures[] {
    return [poolFigures('main', this.pool)];
  }

  private async commit<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
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
}

/** TypeORM's own pool, which it does not show. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
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
  if (isStatementTimeout(error)) cancelStatement(client);
  client.end().catch(() => {});
}
