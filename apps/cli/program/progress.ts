import { Presets, SingleBar } from 'cli-progress';

/** How far long work has come, drawn on stderr where that is a terminal. */
export class Progress implements Disposable {
  private readonly bar: SingleBar | undefined;
  private done = 0;

  constructor(what: string, total: number | undefined) {
    if (!process.stderr.isTTY) return;
    const format =
      total === undefined
        ? `${what} {value} in {duration_formatted}`
        : `${what} {bar} {percentage}% ({value} of {total}), {eta_formatted} left`;
    this.bar = new SingleBar(
      { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, etaBuffer: 50 },
      Presets.shades_classic,
    );
    this.bar.start(total ?? 0, 0);
  }

  add(count: number): void {
    this.done += count;
    this.bar?.update(this.done);
  }

  /** Where the total is known only while the work goes on. */
  expect(total: number): void {
    this.bar?.setTotal(total);
  }

  end(): void {
    this.bar?.stop();
  }

  [Symbol.dispose](): void {
    this.end();
  }
}
