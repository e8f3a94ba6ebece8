const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export interface Line {
  /** From 1; blank lines count, but are not given out. */
  number: number;
  /** Undefined for a line that is too long to be kept. */
  bytes: Buffer | undefined;
}

/**
 * Cuts chunks of bytes into lines, whatever the chunks' bounds. A byte-order mark at the start,
 * a carriage return at a line's end and blank lines are taken away. It never holds more than one
 * line and one chunk.
 */
export class LineSplitter {
  private number = 0;
  private pending: Buffer[] = [];
  private pendingBytes = 0;

  /** @param maxLineBytes a longer line is given out without its bytes */
  constructor(private readonly maxLineBytes: number) {}

  /** The lines that end within this chunk; their bytes may be the chunk's own. */
  *push(chunk: Buffer): Generator<Line> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      this.keep(chunk.subarray(start, end));
      yield* this.take();
      start = end + 1;
    }
    // Copied, as the chunk may be used again.
    if (start < chunk.length) this.keep(Buffer.from(chunk.subarray(start)));
  }

  /** The last line, where no line feed ended it. */
  *end(): Generator<Line> {
    if (this.pendingBytes > 0) yield* this.take();
  }

  private keep(part: Buffer): void {
    this.pendingBytes += part.length;
    if (this.pendingBytes > this.maxLineBytes) this.pending = [];
    else this.pending.push(part);
  }

  private *take(): Generator<Line> {
    this.number += 1;
    const tooLong = this.pendingBytes > this.maxLineBytes;
    const bytes = this.pending.length === 1 ? this.pending[0]! : Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    if (tooLong) {
      yield { number: this.number, bytes: undefined };
      return;
    }
    const line = trimmed(bytes, this.number === 1);
    if (line.length > 0) yield { number: this.number, bytes: line };
  }
}

function trimmed(bytes: Buffer, first: boolean): Buffer {
  const start = first && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  let end = bytes.length;
  while (end > start && isBlank(bytes[end - 1]!)) end -= 1;
  return bytes.subarray(start, end);
}

function isBlank(byte: number): boolean {
  return byte === CARRIAGE_RETURN || byte === 0x20 || byte === 0x09;
}
