/** Collects the `$n` parameters of one statement. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** Adds a value and gives its placeholder. */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** A condition of a WHERE clause; it adds its own parameters. */
export type Condition = (parameters: SqlParameters) => string;

/** `text` as an ILIKE pattern that matches it anywhere, its own wildcards taken literally. */
export function substringPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
