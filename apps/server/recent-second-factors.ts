import { Injectable } from '@nestjs/common';
import { STEP_UP_SECONDS, StepUp, type Principal } from '#access-control';
import { Database, type Queryable } from '#database';
import { Clock } from '#http-api';
import { hasFactorSql, requiresFactorSql } from '#operators';

/** What access control asks of operators and tokens: whether a person has shown his second factor lately. */
@Injectable()
export class RecentSecondFactors extends StepUp {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async isRecent({ operator, tokenId }: Principal, within: Queryable = this.database): Promise<boolean> {
    if (!operator || tokenId === undefined) return true;
    const { rows } = await within.query<{ at: Date | null; needed: boolean }>(
      `SELECT g.second_factor_at AS at, ${hasFactorSql('o.id')} OR ${requiresFactorSql('o.role')} AS needed
       FROM access_tokens t JOIN operators o ON o.id = t.operator
       LEFT JOIN authorization_grants g ON g.id = t.grant_id WHERE t.id = $1`,
      [tokenId],
    );
    const { at, needed } = rows[0] ?? { at: null, needed: true };
    if (!needed) return true;
    // What was shown later than now is of before a clock was put back; those of instances differ a little.
    return at !== null && Math.abs(this.clock.now().getTime() - at.getTime()) <= STEP_UP_SECONDS * 1000;
  }
}
