import type { Transaction } from '../queryable.js';
import { BulkLoader, type LoadRow, type LoadTarget } from './bulk-loader.js';

/**
 * The embedded engine: by batched inserts. COPY … FROM STDIN does not work over its socket; one
 * that fails loses the protocol's synchronisation, and with it the only session.
 */
export class InsertLoader extends BulkLoader {
  async load(
    transaction: Transaction,
    { table, columns }: LoadTarget,
    batches: AsyncIterable<readonly LoadRow[]>,
  ): Promise<void> {
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const types = columns.map(({ name, type }) => `"${name}" ${type}`).join(', ');
    const insert = `INSERT INTO ${table} (${names})
      SELECT ${names} FROM jsonb_to_recordset($1::jsonb) AS incoming(${types})`;
    for await (const batch of batches) {
      if (batch.length === 0) continue;
      const rows = batch.map((row) =>
        Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])),
      );
      await transaction.query(insert, [JSON.stringify(rows)]);
    }
  }
}
