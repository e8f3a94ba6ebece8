import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import { BULK_TIMEOUT_MS, type Transaction } from '../queryable.js';
import { BulkLoader, type LoadRow, type LoadTarget } from './bulk-loader.js';
import { copyLine } from './copy-text.js';

/** PostgreSQL: by COPY over the transaction's own connection. */
export class CopyLoader extends BulkLoader {
  async load(
    transaction: Transaction,
    { table, columns }: LoadTarget,
    batches: AsyncIterable<readonly LoadRow[]>,
  ): Promise<void> {
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const client = await transaction.connection();
    const copy = Object.assign(from(`COPY ${table} (${names}) FROM STDIN`), {
      query_timeout: BULK_TIMEOUT_MS,
    });
    await pipeline(encode(batches), client.query(copy));
  }
}

async function* encode(batches: AsyncIterable<readonly LoadRow[]>): AsyncGenerator<Buffer> {
  for await (const batch of batches) {
    if (batch.length > 0) yield Buffer.from(batch.map(copyLine).join(''));
  }
}
