import type { BulkLoader, LoadRow, Transaction } from '#database';
import {
  brokenLinesSql,
  holdReferredSql,
  referenceFields,
  storedColumns,
  type ReferenceField,
} from '../rows/row-sql.js';
import type { Written } from '../rows/row-writer.js';
import type { WritableResource } from '../writable-resource.js';
import { MAX_LISTED_ERRORS, type Rejected } from './import-report.js';
import { importRunning } from './running-imports.js';

const TABLE = 'pg_temp.import_rows';

/**
 * The rows of one import, in a temporary table of its transaction, so that what remains to be
 * checked is checked for all of them at once and an import of any length needs little memory here.
 */
export class ImportStaging {
  private constructor(
    private readonly transaction: Transaction,
    private readonly resource: WritableResource,
    private readonly customerId: string,
  ) {}

  /**
   * One import at a time for a resource and a customer, as two that touch the same rows in
   * different orders would wait for each other for ever.
   * @throws Problem 409 while another runs
   */
  static async begin(
    transaction: Transaction,
    resource: WritableResource,
    customerId: string,
  ): Promise<ImportStaging> {
    const { rows } = await transaction.bulkQuery<{ locked: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked`,
      [`inventory ${resource.schema.table} ${customerId}`],
    );
    if (!rows[0]!.locked) throw importRunning(resource.schema);
    const columns = storedColumns(resource.schema).map(({ name, type }) => `"${name}" ${type}`);
    await transaction.bulkQuery(
      `CREATE TEMPORARY TABLE import_rows (line bigint NOT NULL, ${columns.join(', ')}) ON COMMIT DROP`,
    );
    return new ImportStaging(transaction, resource, customerId);
  }

  /** @param batches rows as the line number and the stored columns */
  async load(loader: BulkLoader, batches: AsyncIterable<readonly LoadRow[]>): Promise<void> {
    const columns = [{ name: 'line', type: 'bigint' }, ...storedColumns(this.resource.schema)];
    await loader.load(this.transaction, { table: TABLE, columns }, batches);
    // Without it the planner takes any temporary table for a small one, and joins row by row.
    await this.transaction.bulkQuery(`ANALYZE ${TABLE}`);
  }

  /** Gives the table's name free for another import of this transaction. */
  async end(): Promise<void> {
    await this.transaction.bulkQuery(`DROP TABLE ${TABLE}`);
  }

  /** Turns away the rows whose id an earlier line had. */
  async rejectDuplicates(): Promise<Rejected> {
    const { rows } = await this.transaction.bulkQuery<{
      line: string;
      id: string;
      first: string;
      count: number;
    }>(
      `WITH firsts AS (SELECT id, min(line) AS line FROM ${TABLE} GROUP BY id HAVING count(*) > 1),
       gone AS (
         DELETE FROM ${TABLE} AS staged USING firsts WHERE staged.id = firsts.id AND staged.line > firsts.line
         RETURNING staged.line, staged.id, firsts.line AS first
       )
       SELECT line, id, first, (count(*) OVER ())::int AS count FROM gone ORDER BY line LIMIT ${MAX_LISTED_ERRORS}`,
    );
    const errors = rows.map(({ line, id, first }) => ({
      line: Number(line),
      id,
      field: 'id',
      message: `is that of line ${first} too`,
    }));
    return { count: rows[0]?.count ?? 0, errors };
  }

  /** Turns away the rows that refer to what is not there. What they refer to stays until the end. */
  async rejectBrokenReferences(): Promise<Rejected[]> {
    const rejected: Rejected[] = [];
    for (const field of referenceFields(this.resource.schema)) rejected.push(await this.rejectBroken(field));
    return rejected;
  }

  write(now: Date): Promise<Written> {
    return this.resource.writer.write(this.transaction, this.customerId, TABLE, now, 'update');
  }

  /** SQL for `RowRemoval`: the rows that the file does not have. */
  readonly isAbsent = `NOT EXISTS (SELECT FROM ${TABLE} AS staged WHERE staged.id = doomed.id)`;

  private async rejectBroken(field: ReferenceField): Promise<Rejected> {
    // One of a single field is held by its foreign key; elements of a list have none.
    if (field.kind === 'text[]')
      await this.transaction.bulkQuery(holdReferredSql(field, TABLE), [this.customerId]);
    const { rows } = await this.transaction.bulkQuery<{ line: string; id: string; count: number }>(
      `WITH broken AS (${brokenLinesSql(field, TABLE)}),
       gone AS (
         DELETE FROM ${TABLE} AS staged USING broken WHERE staged.line = broken.line
         RETURNING staged.line, staged.id
       )
       SELECT line, id, (count(*) OVER ())::int AS count FROM gone ORDER BY line LIMIT ${MAX_LISTED_ERRORS}`,
      [this.customerId],
    );
    const errors = rows.map(({ line, id }) => ({
      line: Number(line),
      id,
      field: field.name,
      message: 'refers to what is not there',
    }));
    return { count: rows[0]?.count ?? 0, errors };
  }
}
