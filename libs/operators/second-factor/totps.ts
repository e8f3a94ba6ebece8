import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type Transaction } from '#database';
import { Clock } from '#http-api';
import { MasterKeys } from '#sealing';

/**
 * Wrong codes of a person in a day, from wherever: of a million codes three are good at a time, and
 * whoever has the password may have many addresses too. Passkeys and recovery codes still work then.
 */
const MAX_FAILURES = 100;
const FAILURES_MS = 24 * 60 * 60 * 1000;
/** Clocks of instances differ a little. Failures from further ahead are of before a clock was put back: they do not count. */
const SKEW_MS = 60 * 1000;

export interface Totp {
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** An app on a person's phone that shows codes: one secret, which both sides know. */
@Injectable()
export class Totps {
  constructor(
    private readonly database: Database,
    private readonly masterKeys: MasterKeys,
    private readonly clock: Clock,
  ) {}

  async of(operator: string): Promise<Totp | undefined> {
    const { rows } = await this.database.query<Totp>(
      'SELECT created_at AS "createdAt", last_used_at AS "lastUsedAt" FROM operator_totps WHERE operator = $1',
      [operator],
    );
    return rows[0];
  }

  /**
   * In place of the one that he may have, within the transaction that holds his row.
   * @param step of the code that confirmed it, which is not good again
   */
  async put(transaction: Transaction, operator: string, secret: string, step: number): Promise<Totp> {
    const createdAt = this.clock.now();
    await transaction.query(
      `INSERT INTO operator_totps (operator, secret, last_step, created_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (operator) DO UPDATE SET secret = $2, last_step = $3, created_at = $4, last_used_at = NULL,
         failures = 0, failing_since = NULL`,
      [operator, this.closed(operator, secret), step, createdAt],
    );
    return { createdAt, lastUsedAt: null };
  }

  /**
   * The secret, for one try, which counts as failed until the code is spent: many at once get no
   * further than one after the other.
   * @returns `exhausted` where too many have failed
   */
  async try(operator: string): Promise<{ secret: string; lastStep: number } | 'exhausted' | undefined> {
    const now = this.clock.now();
    const { rows } = await this.database.query<{ secret: string; lastStep: number; failures: number }>(
      `UPDATE operator_totps SET
         failures = CASE WHEN failing_since > $2 AND failing_since < $5 THEN least(failures + 1, $4 + 1) ELSE 1 END,
         failing_since = CASE WHEN failing_since > $2 AND failing_since < $5 THEN failing_since ELSE $3 END
       WHERE operator = $1 RETURNING secret, last_step::float8 AS "lastStep", failures`,
      [operator, new Date(now.getTime() - FAILURES_MS), now, MAX_FAILURES, new Date(now.getTime() + SKEW_MS)],
    );
    if (!rows[0]) return undefined;
    const { secret, lastStep, failures } = rows[0];
    return failures > MAX_FAILURES ? 'exhausted' : { secret: this.opened(operator, secret), lastStep };
  }

  /** Uses a code up, once (RFC 6238 §5.2). @returns false where it, or a later one, was used before */
  async spend(queryable: Queryable, operator: string, step: number, at: Date): Promise<boolean> {
    const { rowCount } = await queryable.query(
      `UPDATE operator_totps SET last_step = $2, last_used_at = $3, failures = 0, failing_since = NULL
       WHERE operator = $1 AND last_step < $2`,
      [operator, step, at],
    );
    return rowCount === 1;
  }

  /** @returns whether he had one */
  async remove(transaction: Transaction, operator: string): Promise<boolean> {
    const { rowCount } = await transaction.query('DELETE FROM operator_totps WHERE operator = $1', [
      operator,
    ]);
    return rowCount === 1;
  }

  /** As it is stored now: sealed, or in clear where there is no master key. */
  closed(operator: string, secret: string): string {
    return this.masterKeys.available ? this.masterKeys.seal(secret, ownerOf(operator)) : secret;
  }

  /** @throws SealError */
  opened(operator: string, secret: string): string {
    return this.masterKeys.isSealed(secret) ? this.masterKeys.open(secret, ownerOf(operator)) : secret;
  }
}

function ownerOf(operator: string): string {
  return `operator_totps.secret:${operator}`;
}
