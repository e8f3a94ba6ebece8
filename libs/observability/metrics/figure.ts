/** A metric by its name, as docs/observability.md lists it. */
export interface Definition {
  name: string;
  help: string;
  labels?: readonly string[];
}

export interface Reading {
  labels: Record<string, string>;
  value: number;
  /** Where it is not that of the metric, such as a histogram's `_bucket`. */
  name?: string;
}

/** What a metric says when somebody looks. */
export interface Figure {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly definition: Definition;
  read(): Iterable<Reading>;
}
