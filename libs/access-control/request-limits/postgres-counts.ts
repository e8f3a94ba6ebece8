import type { Database } from '#database';
import type { SharedCounts } from './shared-counts.js';

/** In the order of their keys, so that no two instances wait for each other's rows. */
const ADD = `
  INSERT INTO request_counts AS counted (key, minute, count)
  SELECT key, $1, count FROM unnest($2::text[], $3::integer[]) AS added(key, count) ORDER BY key
  ON CONFLICT (key, minute) DO UPDATE SET count = counted.count + excluded.count
  RETURNING key, count`;

/** Shared by all instances on one database. */
export class PostgresCounts implements SharedCounts {
  constructor(private readonly database: Database) {}

  async add(minute: Date, keys: readonly string[], counts: readonly number[]): Promise<number[]> {
    const { rows } = await this.database.queryAgain<{ key: string; count: number }>(ADD, [
      minute,
      keys,
      counts,
    ]);
    const totals = new Map(rows.map(({ key, count }) => [key, count]));
    return keys.map((key) => totals.get(key)!);
  }
}
