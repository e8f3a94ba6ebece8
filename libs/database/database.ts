import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { Transaction, type Queryable, type QueryResult } from './queryable.js';

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
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.dataSource.transaction((manager) => work(new Transaction(manager)));
  }

  private get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}
