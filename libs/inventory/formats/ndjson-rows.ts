import { isUtf8 } from 'node:buffer';
import type { RowCheck } from '../rows/row-check.js';
import { LineSplitter, type Line } from './line-splitter.js';
import { MAX_ROW_BYTES, RowBatches, type LineBatch } from './row-batches.js';

/** Reads NDJSON and checks each line. */
export async function* readNdjson(chunks: AsyncIterable<Buffer>, check: RowCheck): AsyncGenerator<LineBatch> {
  const splitter = new LineSplitter(MAX_ROW_BYTES);
  const rows = new RowBatches(check);
  for await (const chunk of chunks) {
    for (const line of splitter.push(chunk)) {
      addLine(rows, line);
      if (rows.full) yield rows.take();
    }
  }
  for (const line of splitter.end()) addLine(rows, line);
  yield rows.take();
}

function addLine(rows: RowBatches, { number, bytes }: Line): void {
  if (!bytes) return rows.reject(number, `is longer than ${MAX_ROW_BYTES} bytes`);
  if (!isUtf8(bytes)) return rows.reject(number, 'is not valid UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    return rows.reject(number, 'is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return rows.reject(number, 'is not a JSON object');
  }
  rows.add(number, value, bytes.length);
}
