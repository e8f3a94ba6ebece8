import type { FieldError } from '#http-api';
import type { CheckedRow, Row, RowCheck } from '../rows/row-check.js';
import { LineSplitter, type Line } from './line-splitter.js';

const MAX_LINE_BYTES = 1024 * 1024;
const BATCH_ROWS = 1000;
const BATCH_BYTES = 4 * 1024 * 1024;

export interface GoodLine {
  line: number;
  row: Row;
}

export interface BadLine {
  line: number;
  /** The row's id, where it has one. */
  id?: string;
  /** A fault without a field is the whole line's. */
  faults: (Pick<FieldError, 'message'> & Partial<FieldError>)[];
}

export interface LineBatch {
  good: GoodLine[];
  bad: BadLine[];
}

/** Reads NDJSON, checks each line, and gives the lines out in batches of bounded size. */
export async function* readRowLines(
  chunks: AsyncIterable<Buffer>,
  check: RowCheck,
): AsyncGenerator<LineBatch> {
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  let batch: LineBatch = { good: [], bad: [] };
  let bytes = 0;
  const add = (line: Line): boolean => {
    const checked = checkLine(line, check);
    if ('row' in checked) batch.good.push(checked);
    else batch.bad.push(checked);
    bytes += line.bytes?.length ?? 0;
    return batch.good.length + batch.bad.length >= BATCH_ROWS || bytes >= BATCH_BYTES;
  };
  const next = (): LineBatch => {
    const full = batch;
    batch = { good: [], bad: [] };
    bytes = 0;
    return full;
  };
  for await (const chunk of chunks) {
    for (const line of splitter.push(chunk)) if (add(line)) yield next();
  }
  for (const line of splitter.end()) add(line);
  yield next();
}

function checkLine({ number, bytes }: Line, check: RowCheck): GoodLine | BadLine {
  if (!bytes) return bad(number, `is longer than ${MAX_LINE_BYTES} bytes`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bad(number, 'is not valid UTF-8');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad(number, 'is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return bad(number, 'is not a JSON object');
  }
  const checked: CheckedRow = check.check(value);
  if ('row' in checked) return { line: number, row: checked.row };
  const { id } = value as { id?: unknown };
  return { line: number, id: typeof id === 'string' ? id : undefined, faults: checked.faults };
}

function bad(line: number, message: string): BadLine {
  return { line, faults: [{ message }] };
}
