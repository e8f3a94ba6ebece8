import type { Transaction } from '#database';
import type { FieldKind, ResourceSchema } from '#http-api';
import type { Row } from './row-check.js';

const COLUMN_TYPES: Record<FieldKind, string> = {
  text: 'text',
  boolean: 'boolean',
  integer: 'integer',
  time: 'timestamptz',
  'text[]': 'text[]',
  'integer[]': 'integer[]',
};

/** What becomes of a row whose id is there already: it takes the new values, or stays as it is. */
export type OnExisting = 'update' | 'keep';

export interface Written {
  created: number;
  updated: number;
  /** Rows that were there before, and stayed as they were. */
  unchanged: number;
}

/** The one way by which rows get into a resource's table, one or a thousand at a time. */
export class RowWriter {
  private readonly insert: string;
  private readonly update: string;

  constructor(private readonly schema: ResourceSchema) {
    const stored = schema.fields.filter(({ readOnly }) => !readOnly);
    const columns = stored.map(({ name }) => `"${name}"`);
    const changeable = columns.filter((column) => column !== '"id"');
    const types = stored.map(({ name, kind }) => `"${name}" ${COLUMN_TYPES[kind]}`);
    this.insert = `
      INSERT INTO ${schema.table} AS stored (customer_id, ${columns.join(', ')}, updated_at)
      SELECT $1, ${columns.join(', ')}, $3::timestamptz FROM jsonb_to_recordset($2::jsonb) AS incoming(${types.join(', ')})
      ON CONFLICT (customer_id, id)`;
    this.update = `DO UPDATE SET ${changeable.map((column) => `${column} = EXCLUDED.${column}`).join(', ')},
        updated_at = EXCLUDED.updated_at
      WHERE (${list('stored', changeable)}) IS DISTINCT FROM (${list('EXCLUDED', changeable)})`;
  }

  /** @param rows each id once */
  async write(
    transaction: Transaction,
    customerId: string,
    rows: Row[],
    now: Date,
    onExisting: OnExisting,
  ): Promise<Written> {
    // A row that the statement itself inserted has no xmax; one that it updated carries its own.
    const { rows: written } = await transaction.query<{ created: boolean }>(
      `${this.insert} ${onExisting === 'update' ? this.update : 'DO NOTHING'} RETURNING xmax = 0 AS created`,
      [customerId, JSON.stringify(rows), now],
    );
    const created = written.filter((row) => row.created).length;
    return { created, updated: written.length - created, unchanged: rows.length - written.length };
  }

  /**
   * The references of `rows` to what the customer does not have, by field. What they refer to
   * and is there stays there until the transaction ends.
   */
  async missingReferences(
    transaction: Transaction,
    customerId: string,
    rows: Row[],
  ): Promise<{ field: string; missing: Set<unknown> }[]> {
    const result: { field: string; missing: Set<unknown> }[] = [];
    for (const { name, references } of this.schema.fields) {
      if (!references) continue;
      const wanted = new Set(rows.flatMap((row) => row[name]).filter((id) => id !== null));
      const found = await transaction.query<{ id: string }>(
        `SELECT id FROM ${references} WHERE customer_id = $1 AND id = ANY($2::text[]) ORDER BY id FOR KEY SHARE`,
        [customerId, [...wanted]],
      );
      for (const { id } of found.rows) wanted.delete(id);
      result.push({ field: name, missing: wanted });
    }
    return result;
  }
}

function list(table: string, columns: string[]): string {
  return columns.map((column) => `${table}.${column}`).join(', ');
}
