import { Injectable } from '@nestjs/common';
import { reachOf, type Principal } from '#access-control';
import { Database } from '#database';
import { stepsOf, type StepRange } from '#http-api';

/** What was called in one hour or day. */
export interface UsageItem {
  at: Date;
  requests: number;
  refusals: number;
}

const SUMS = `SELECT date_trunc($1, hour, 'UTC') AS at, sum(requests)::float8 AS requests, sum(refusals)::float8 AS refusals
  FROM client_usage WHERE hour >= $2 AND hour < $3`;

/** Each answer has one item for each hour or day of its range, those in which nothing happened too. */
@Injectable()
export class UsageReader {
  constructor(private readonly database: Database) {}

  /** @param client its row's id */
  ofClient(client: string, range: StepRange): Promise<UsageItem[]> {
    return this.read(range, 'client = $4', [client]);
  }

  /** Of all clients that the caller sees, which the built-in ones and those that were deleted are not among. */
  ofAll(caller: Principal, range: StepRange): Promise<UsageItem[]> {
    return this.read(
      range,
      'client IN (SELECT id FROM clients WHERE NOT built_in AND ($4::text IS NULL OR customer_id = $4))',
      [reachOf(caller, 'see') ?? null],
    );
  }

  private async read(range: StepRange, condition: string, values: unknown[]): Promise<UsageItem[]> {
    const { rows } = await this.database.query<UsageItem>(`${SUMS} AND ${condition} GROUP BY 1`, [
      range.per,
      range.from,
      range.to,
      ...values,
    ]);
    const known = new Map(rows.map((row) => [row.at.getTime(), row]));
    return stepsOf(range).map((at) => known.get(at.getTime()) ?? { at, requests: 0, refusals: 0 });
  }
}
