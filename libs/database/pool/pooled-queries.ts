import type { Pool } from 'pg';
import type { Queryable, QueryResult } from '../queryable.js';

/** Whatever is read from, and also again and again by the same statement. */
export interface ReadSource extends Queryable {
  /** As `query`, for a statement that comes again and again: the server prepares it once on each connection. */
  queryAgain<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}

/** Hand-written SQL through a pool. */
export class PooledQueries implements ReadSource {
  /** The names of prepared statements, by their text. */
  private readonly prepared = new Map<string, string>();

  constructor(private readonly pool: Pool) {}

  async query<Row extends object>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    const { rows, rowCount } = await this.pool.query<Row>(sql, [...parameters]);
    return { rows, rowCount: rowCount ?? 0 };
  }

  async queryAgain<Row extends object>(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    const name = this.prepared.get(sql) ?? `again_${this.prepared.size}`;
    this.prepared.set(sql, name);
    const { rows, rowCount } = await this.pool.query<Row>({ name, text: sql, values: [...parameters] });
    return { rows, rowCount: rowCount ?? 0 };
  }
}
