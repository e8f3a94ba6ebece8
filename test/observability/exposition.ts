/** One line of a scrape. */
interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A scrape in Prometheus's text format, read back. */
export class Scrape {
  readonly types: Map<string, string>;
  readonly samples: Sample[];

  constructor(readonly text: string) {
    this.types = new Map(
      Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name, type]) => [name!, type!]),
    );
    this.samples = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map(sampleOf);
  }

  /** The sum of all samples of a name that bear these labels. */
  value(name: string, labels: Record<string, string> = {}): number {
    return this.samples
      .filter((sample) => sample.name === name)
      .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** All values of a label. */
  labels(name: string, label: string): string[] {
    const of = this.samples.filter((sample) => sample.name === name);
    return [...new Set(of.map(({ labels }) => labels[label]!))].sort();
  }
}

function sampleOf(line: string): Sample {
  const [, name, labels = '', value] = /^([a-z\d_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined) throw new Error(`This is no sample: ${line}`);
  const pairs = Array.from(labels.matchAll(/([a-z\d_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/g), ([, key, text]) => [
    key,
    text,
  ]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}
