import { Writable } from 'node:stream';

const NEWLINE = 0x0a;

/** Counts the lines of what is written to it, and keeps nothing. */
export class LineCounter extends Writable {
  lines = 0;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) this.lines += 1;
    done();
  }
}
