import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type InfoRecord, type Options } from 'csv-parse';
import type { ResourceSchema } from '#http-api';
import type { RowCheck } from '../rows/row-check.js';
import { CsvColumns } from './csv-columns.js';
import { unreadableCsv, wrongHeader } from './csv-problems.js';
import { MAX_ROW_BYTES, RowBatches, type LineBatch } from './row-batches.js';
import { utf8Lines } from './utf8-lines.js';

interface CsvRecord {
  /** The line of the file that it begins in. */
  line: number;
  cells: string[];
}

const FAULTS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'opens a quote that is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'has text behind a closing quote',
  INVALID_OPENING_QUOTE: 'has a quote in a cell that does not begin with one',
  CSV_MAX_RECORD_SIZE: `begins a row that is longer than ${MAX_ROW_BYTES} bytes`,
};

/**
 * Reads CSV by RFC 4180 with a header row, and checks each row.
 * @throws Problem 400 `invalid_header` or `invalid_csv`
 */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  check: RowCheck,
  schema: ResourceSchema,
): AsyncGenerator<LineBatch> {
  const rows = new RowBatches(check);
  let columns: CsvColumns | undefined;
  for await (const { line, cells } of records(chunks)) {
    if (!columns) columns = CsvColumns.of(cells, schema);
    else if (cells.length !== columns.count) {
      rows.reject(line, `has ${cells.length} cells where the header has ${columns.count}`);
    } else rows.add(line, columns.rowOf(cells), lengthOf(cells));
    if (rows.full) yield rows.take();
  }
  if (!columns) throw wrongHeader('There is no header row.');
  yield rows.take();
}

async function* records(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord> {
  // The parser's own count of lines is off where a quoted newline is CRLF.
  let lastLine = 0;
  let emptyLines = 0;
  const options: Options<CsvRecord, string[]> = {
    bom: true,
    record_delimiter: ['\r\n', '\n'],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
    on_record: (cells: string[], { empty_lines }: InfoRecord) => {
      const line = lastLine + empty_lines - emptyLines + 1;
      emptyLines = empty_lines;
      lastLine = line + lineFeedsIn(cells);
      return { line, cells };
    },
  };
  // Its types know a record's own shape with `columns` alone.
  const parser = parse(options as unknown as Options);
  try {
    // What goes wrong on the way is thrown where the parser is read.
    yield* pipeline(Readable.from(utf8Lines(chunks)), parser, () => {}) as AsyncIterable<CsvRecord>;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = lastLine + parser.info.empty_lines - emptyLines + 1;
    throw unreadableCsv(line, FAULTS[error.code] ?? 'cannot be read as CSV');
  }
}

function lineFeedsIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count += 1;
  }
  return count;
}

function lengthOf(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.length, 0);
}
