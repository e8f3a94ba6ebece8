import type { ResourceSchema } from '#http-api';
import type { RowCheck } from '../rows/row-check.js';
import { readCsv } from './csv-rows.js';
import { readNdjson } from './ndjson-rows.js';
import type { LineBatch } from './row-batches.js';

/** How a file of rows is written. */
export type ImportFormat = 'ndjson' | 'csv';

export const MEDIA_TYPES: Record<string, ImportFormat> = {
  'application/x-ndjson': 'ndjson',
  'text/csv': 'csv',
};

/** Reads and checks a file's rows, and gives them out in batches of bounded size, in their order. */
export const READERS: Record<
  ImportFormat,
  (chunks: AsyncIterable<Buffer>, check: RowCheck, schema: ResourceSchema) => AsyncGenerator<LineBatch>
> = { ndjson: readNdjson, csv: readCsv };
