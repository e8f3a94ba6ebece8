import { Injectable } from '@nestjs/common';
import { paint } from './colours.js';
import { printableLines } from './printable.js';
import type { CommandFailure } from './failure.js';
import { Progress } from './progress.js';
import { table } from './table.js';

/**
 * What a command says. Results go to stdout, in words or with `--json` as one JSON document; everything
 * else (notes, progress, failures) goes to stderr, so that a result can always be piped.
 */
@Injectable()
export class Output {
  /** Set by `--json`. */
  json = false;

  /**
   * The one result of a command.
   * @param value for `--json`, by the names of the API
   * @param words for people, without a newline at the end, and with nothing that a terminal obeys but colours
   */
  result(value: unknown, words: string): void {
    process.stdout.write(
      this.json ? `${printableLines(JSON.stringify(value, null, 2))}\n` : words && `${words}\n`,
    );
  }

  /** A result of many rows: a table of some of their columns, or with `--json` all of them. */
  rows<Row extends object>(
    rows: readonly Row[],
    columns: readonly (keyof Row & string)[],
    none: string,
  ): void {
    this.result(rows, rows.length > 0 ? table(rows, columns) : none);
  }

  /** What is good to know and is no result. */
  note(text: string): void {
    process.stderr.write(`${printableLines(text)}\n`);
  }

  warn(text: string): void {
    process.stderr.write(`${paint(process.stderr, 'yellow', 'Mind:')} ${printableLines(text)}\n`);
  }

  failure({ message, exitCode, details }: CommandFailure): void {
    if (this.json)
      process.stderr.write(
        `${printableLines(JSON.stringify({ error: message, exit_code: exitCode, ...details }, null, 2))}\n`,
      );
    else process.stderr.write(`${paint(process.stderr, 'red', 'postern:')} ${printableLines(message)}\n`);
  }

  /**
   * A bar for long work; nothing where stderr is no terminal.
   * @param total of what is counted; undefined where it is not known
   */
  progress(what: string, total?: number): Progress {
    return new Progress(what, total);
  }
}
