import { labelled } from './counter.js';
import type { Definition, Figure, Reading } from './figure.js';

/** Seconds, from what memory answers to what a caller gives up on. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Durations. Who measures keeps the series, so that no label is looked at again. */
export class Histogram implements Figure {
  readonly type = 'histogram';
  private readonly all: Series[] = [];

  constructor(readonly definition: Definition) {}

  /** A new one: once for each combination of labels. */
  series(...values: string[]): Series {
    const series = new Series(labelled(this.definition, values));
    this.all.push(series);
    return series;
  }

  *read(): Iterable<Reading> {
    for (const series of this.all) yield* series.read(this.definition.name);
  }
}

export class Series {
  /** By bound; the last is beyond all of them. */
  private readonly counts = new Float64Array(BOUNDS.length + 1);
  private sum = 0;

  constructor(private readonly labels: Record<string, string>) {}

  observe(seconds: number): void {
    let index = 0;
    while (index < BOUNDS.length && seconds > BOUNDS[index]!) index += 1;
    this.counts[index]! += 1;
    this.sum += seconds;
  }

  *read(name: string): Iterable<Reading> {
    const { labels } = this;
    let count = 0;
    for (const [index, of] of this.counts.entries()) {
      count += of;
      yield {
        name: `${name}_bucket`,
        labels: { ...labels, le: String(BOUNDS[index] ?? '+Inf') },
        value: count,
      };
    }
    yield { name: `${name}_sum`, labels, value: this.sum };
    yield { name: `${name}_count`, labels, value: count };
  }
}
