import type { Transaction } from '#database';
import type { WritableResource, WritableResources } from '../writable-resource.js';
import { referenceFields, type ReferenceField } from './row-sql.js';

const MAX_LISTED = 100;

/** A row that cannot go, as others refer to it. */
export interface ReferredRow {
  id: string;
  /** The name of the resource whose rows do. */
  by: string;
}

/** The one way by which rows leave a resource's table, one or many at a time. */
export class RowRemoval {
  constructor(
    private readonly resource: WritableResource,
    private readonly resources: WritableResources,
  ) {}

  /**
   * Removes the customer's rows that meet a condition, unless others refer to one of them.
   * @param condition SQL on `doomed`, with parameters from `$2` on
   * @returns how many were removed, or some of those that are referred to, where none was
   */
  async remove(
    transaction: Transaction,
    customerId: string,
    condition: string,
    parameters: readonly unknown[] = [],
  ): Promise<{ removed: number } | { referred: ReferredRow[] }> {
    const { table } = this.resource.schema;
    const which = `doomed.customer_id = $1 AND ${condition}`;
    const all = [customerId, ...parameters];
    // Held first: whoever wants to refer to one of them waits, and then finds it gone.
    const { rows } = await transaction.bulkQuery<{ count: number }>(
      `SELECT count(*)::int AS count FROM (
         SELECT FROM ${table} AS doomed WHERE ${which} ORDER BY doomed.id FOR UPDATE
       ) AS held`,
      all,
    );
    if (rows[0]!.count === 0) return { removed: 0 };
    const referred = await this.referred(transaction, which, all);
    if (referred.length > 0) return { referred };
    await transaction.bulkQuery(`DELETE FROM ${table} AS doomed WHERE ${which}`, all);
    return { removed: rows[0]!.count };
  }

  private async referred(
    transaction: Transaction,
    which: string,
    parameters: readonly unknown[],
  ): Promise<ReferredRow[]> {
    const { table } = this.resource.schema;
    for (const { schema } of this.resources.all) {
      for (const field of referenceFields(schema).filter(({ references }) => references === table)) {
        const { rows } = await transaction.bulkQuery<{ id: string }>(
          `SELECT doomed.id FROM ${table} AS doomed WHERE ${which} AND ${isReferredTo(schema.table, field)}
           LIMIT ${MAX_LISTED}`,
          parameters,
        );
        if (rows.length > 0) return rows.map(({ id }) => ({ id, by: schema.name }));
      }
    }
    return [];
  }
}

function isReferredTo(table: string, { name, kind }: ReferenceField): string {
  return kind === 'text[]'
    ? `doomed.id IN (SELECT unnest(referring."${name}") FROM ${table} AS referring WHERE referring.customer_id = $1)`
    : `EXISTS (SELECT FROM ${table} AS referring
               WHERE referring.customer_id = $1 AND referring."${name}" = doomed.id)`;
}
