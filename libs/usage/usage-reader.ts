import { Injectable } from '@nestjs/common';
import { Database } from '#database';
import { stepsOf, type UsageRange } from './usage-range.js';

/** What a client did in one hour or day. */
export interface UsageItem {
  at: Date;
  requests: number;
  refusals: number;
}

@Injectable()
export class UsageReader {
  constructor(private readonly database: Database) {}

  /** One item for each hour or day of the range, those in which nothing happened too. */
  async read(client: string, range: UsageRange): Promise<UsageItem[]> {
    const { rows } = await this.database.query<UsageItem>(
      `SELECT date_trunc($4, hour, 'UTC') AS at, sum(requests)::float8 AS requests, sum(refusals)::float8 AS refusals
       FROM client_usage WHERE client = $1 AND hour >= $2 AND hour < $3 GROUP BY 1`,
      [client, range.from, range.to, range.per],
    );
    const known = new Map(rows.map((row) => [row.at.getTime(), row]));
    return stepsOf(range).map((at) => known.get(at.getTime()) ?? { at, requests: 0, refusals: 0 });
  }
}
