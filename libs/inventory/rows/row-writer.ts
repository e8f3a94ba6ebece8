import type { Transaction } from '#database';
import type { ResourceSchema } from '#http-api';
import type { Row } from './row-check.js';
import {
  brokenLinesSql,
  holdReferredSql,
  referenceFields,
  storedColumns,
  upsertSql,
  type OnExisting,
} from './row-sql.js';

export interface Written {
  created: number;
  updated: number;
}

/** Writes the rows of one table or list into a resource's table: an import's, or a single one. */
export class RowWriter {
  private readonly types: string;

  constructor(private readonly schema: ResourceSchema) {
    this.types = storedColumns(schema)
      .map(({ name, type }) => `"${name}" ${type}`)
      .join(', ');
  }

  /**
   * Adds one row, unless its id is there already.
   * @returns whether it was added, or the fields that refer to what is not there
   */
  async add(
    transaction: Transaction,
    customerId: string,
    row: Row,
    now: Date,
  ): Promise<{ created: boolean } | { broken: string[] }> {
    const json = JSON.stringify([row]);
    const source = (parameter: string) =>
      `(SELECT 1 AS line, * FROM jsonb_to_recordset(${parameter}::jsonb) AS row(${this.types})) AS incoming`;
    const broken: string[] = [];
    for (const field of referenceFields(this.schema)) {
      await transaction.bulkQuery(holdReferredSql(field, source('$2')), [customerId, json]);
      const { rows } = await transaction.bulkQuery(brokenLinesSql(field, source('$2')), [customerId, json]);
      if (rows.length > 0) broken.push(field.name);
    }
    if (broken.length > 0) return { broken };
    const written = await this.write(transaction, customerId, source('$3'), now, 'keep', [json]);
    return { created: written.created === 1 };
  }

  /**
   * @param source a FROM item with the stored columns, each id once; its parameters are from `$3` on
   * @param now what becomes `updated_at` of the rows that are new or differ
   */
  async write(
    transaction: Transaction,
    customerId: string,
    source: string,
    now: Date,
    onExisting: OnExisting,
    parameters: readonly unknown[] = [],
  ): Promise<Written> {
    const { rows } = await transaction.bulkQuery<Written>(upsertSql(this.schema, source, onExisting), [
      customerId,
      now,
      ...parameters,
    ]);
    return rows[0]!;
  }
}
