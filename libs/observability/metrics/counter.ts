import type { Definition, Figure, Reading } from './figure.js';

/** Events, counted by what they are labelled with. Labels come from lists of ours alone: never from a caller. */
export class Counter implements Figure {
  readonly type = 'counter';
  private readonly series = new Map<string, Reading>();

  constructor(readonly definition: Definition) {}

  /** @param values of the labels, in their order */
  add(...values: string[]): void {
    const key = values.length === 1 ? values[0]! : values.join('\n');
    const known = this.series.get(key);
    if (known) known.value += 1;
    else this.series.set(key, { labels: labelled(this.definition, values), value: 1 });
  }

  read(): Iterable<Reading> {
    return this.series.values();
  }
}

export function labelled({ labels = [] }: Definition, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(labels.map((label, index) => [label, values[index]!]));
}
