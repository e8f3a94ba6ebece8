import { isUtf8 } from 'node:buffer';
import { unreadableCsv } from './csv-problems.js';
import { MAX_ROW_BYTES } from './row-batches.js';

const LINE_FEED = 0x0a;

/**
 * Cuts chunks anew so that each ends with a line, and makes sure that all of it is UTF-8.
 * @throws Problem 400 that names the line which is not, or is too long to be held
 */
export async function* utf8Lines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    // A copy in any case, as the chunk may be used again.
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    const whole = bytes.subarray(0, end);
    requireUtf8(whole, line);
    rest = bytes.subarray(end);
    line += lineFeedsIn(whole);
    if (rest.length > MAX_ROW_BYTES) throw unreadableCsv(line, `is longer than ${MAX_ROW_BYTES} bytes`);
    if (whole.length > 0) yield whole;
  }
  requireUtf8(rest, line);
  if (rest.length > 0) yield rest;
}

function requireUtf8(bytes: Buffer, firstLine: number): void {
  if (isUtf8(bytes)) return;
  let line = firstLine;
  for (let start = 0; start < bytes.length; line += 1) {
    const lineFeed = bytes.indexOf(LINE_FEED, start);
    const end = lineFeed < 0 ? bytes.length : lineFeed + 1;
    if (!isUtf8(bytes.subarray(start, end))) throw unreadableCsv(line, 'is not valid UTF-8');
    start = end;
  }
}

function lineFeedsIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
