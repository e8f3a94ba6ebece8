import type { PoolClient, QueryConfig } from 'pg';
import type { EntityManager } from 'typeorm';

export interface QueryResult<Row> {
  rows: Row[];
  /** Rows that the statement inserted, changed, removed or selected. */
  rowCount: number;
}

/** Whatever runs SQL with `$1`-style parameters: the pool, or one transaction. */
export interface Queryable {
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}

/** How long a statement over any number of rows is waited for, in milliseconds; others are given seconds. */
export const BULK_TIMEOUT_MS = 60 * 60 * 1000;

/**
 * One open transaction. Inside it nothing may wait for the pool: the embedded engine has a
 * single session, and a second connection would wait for the first for ever.
 */
export class Transaction implements Queryable {
  constructor(readonly manager: EntityManager) {}

  async query<Row extends object>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    const result = await this.manager.queryRunner!.query(sql, [...parameters], true);
    return { rows: result.records as Row[], rowCount: result.affected ?? 0 };
  }

  /** As `query`, for a statement over any number of rows: it may take minutes. */
  async bulkQuery<Row extends object>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    const client = await this.connection();
    const config: QueryConfig & { query_timeout: number } = {
      text: sql,
      values: [...parameters],
      query_timeout: BULK_TIMEOUT_MS,
    };
    const { rows, rowCount } = await client.query<Row>(config);
    return { rows, rowCount: rowCount ?? 0 };
  }

  /** Its own connection, for what goes beyond a query, such as COPY. */
  connection(): Promise<PoolClient> {
    return this.manager.queryRunner!.connect() as Promise<PoolClient>;
  }
}
