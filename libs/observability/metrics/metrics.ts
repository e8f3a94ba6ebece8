import { Injectable } from '@nestjs/common';
import { Counter } from './counter.js';
import { Exposition, type ExpositionFormat } from './exposition.js';
import type { Definition, Figure, Reading } from './figure.js';
import { Histogram } from './histogram.js';

/** Read when somebody looks: a number, or one for each combination of labels. */
export type Source = () => number | Iterable<Reading>;

/**
 * The figures of one server, which several in a process keep apart. Whoever has something to tell
 * declares it here in its constructor; nothing is formatted before it is asked for.
 */
@Injectable()
export class Metrics {
  private readonly exposition = new Exposition();
  private readonly counters = new Map<string, Counter>();
  private readonly sources = new Map<string, Source[]>();

  /** The same for all who name it. */
  counter(definition: Definition): Counter {
    const known = this.counters.get(definition.name);
    if (known) return known;
    const counter = new Counter(definition);
    this.counters.set(definition.name, counter);
    this.exposition.add(counter);
    return counter;
  }

  histogram(definition: Definition): Histogram {
    const histogram = new Histogram(definition);
    this.exposition.add(histogram);
    return histogram;
  }

  /** What is now. Several may tell of one gauge, each with labels of its own. */
  gauge(definition: Definition, source: Source): void {
    this.observe('gauge', definition, source);
  }

  /** What somebody counts already. */
  total(definition: Definition, source: Source): void {
    this.observe('counter', definition, source);
  }

  /** @returns the text of all of them, and its media type */
  expose(format: ExpositionFormat): Promise<{ text: string; contentType: string }> {
    return this.exposition.text(format);
  }

  private observe(type: 'gauge' | 'counter', definition: Definition, source: Source): void {
    const known = this.sources.get(definition.name);
    if (known) return void known.push(source);
    const sources = [source];
    this.sources.set(definition.name, sources);
    const figure: Figure = { type, definition, read: () => sources.flatMap((one) => readingsOf(one())) };
    this.exposition.add(figure);
  }
}

function readingsOf(result: ReturnType<Source>): Reading[] {
  return typeof result === 'number' ? [{ labels: {}, value: result }] : [...result];
}
