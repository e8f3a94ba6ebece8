import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type Transaction } from '#database';
import { Clock } from '#http-api';
import { sha256 } from '#oauth-protocol';
import { Totps } from './totps.js';

const MINUTE_MS = 60 * 1000;

/** What a challenge waits for, and how long, in milliseconds: who enrols has an app to find first. */
const LIFETIMES = {
  /** Between the right password and the second factor. */
  sign_in: 5 * MINUTE_MS,
  /** Between the right password and a second factor that must be enrolled first. */
  enrolment: 10 * MINUTE_MS,
  /** Between the two halves of enrolling, or of showing, a factor in one's account. */
  passkey: 10 * MINUTE_MS,
  totp: 10 * MINUTE_MS,
  verification: 5 * MINUTE_MS,
};
export type Purpose = keyof typeof LIFETIMES;

const CHALLENGE_BYTES = 32;
/** Wrong answers; then all begins anew. */
const ATTEMPTS = 5;

/** Who has to answer. */
export interface ChallengedPerson {
  id: string;
  username: string;
  customerId: string;
  /** As it was when the challenge was made: whoever was changed since begins anew. */
  version: number;
}

export interface Challenge {
  id: string;
  person: ChallengedPerson;
  /** What a passkey signs, in base64url. */
  webauthn: string;
  /** Of an app that is not enrolled yet, in clear. */
  totpSecret: string | null;
  expiresAt: Date;
}

type ChallengeRow = Omit<Challenge, 'person'> & Omit<ChallengedPerson, 'id'> & { operator: string };

/**
 * What waits for an answer. A challenge belongs to one browser, by its secret, or to one access token;
 * the next of its purpose takes its place there. It is good for few attempts, and once.
 */
@Injectable()
export class FactorChallenges {
  constructor(
    private readonly database: Database,
    private readonly totps: Totps,
    private readonly clock: Clock,
  ) {}

  /** @param boundTo the browser's secret, or the access token's id */
  async open(
    queryable: Queryable,
    purpose: Purpose,
    boundTo: string,
    person: { id: string; version: number },
    totpSecret?: string,
  ): Promise<Pick<Challenge, 'webauthn' | 'expiresAt'>> {
    const now = this.clock.now();
    const webauthn = randomBytes(CHALLENGE_BYTES).toString('base64url');
    const expiresAt = new Date(now.getTime() + LIFETIMES[purpose]);
    await queryable.query(
      `INSERT INTO second_factor_challenges AS c (id, purpose, bound_hash, operator, operator_version,
         webauthn_challenge, totp_secret, attempts_left, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (bound_hash, purpose) DO UPDATE SET id = $1, operator = $4, operator_version = $5,
         webauthn_challenge = $6, totp_secret = $7, attempts_left = $8, created_at = $9, expires_at = $10`,
      [
        randomUUID(),
        purpose,
        sha256(boundTo),
        person.id,
        person.version,
        webauthn,
        totpSecret === undefined ? null : this.totps.closed(person.id, totpSecret),
        ATTEMPTS,
        now,
        expiresAt,
      ],
    );
    return { webauthn, expiresAt };
  }

  /** @returns undefined where there is none, or not any more, for this browser or token */
  async find(purpose: Purpose, boundTo: string): Promise<Challenge | undefined> {
    const { rows } = await this.database.query<ChallengeRow>(
      `SELECT c.id, c.operator, c.operator_version AS version, c.webauthn_challenge AS webauthn,
         c.totp_secret AS "totpSecret", c.expires_at AS "expiresAt", o.username, o.customer_id AS "customerId"
       FROM second_factor_challenges c JOIN operators o ON o.id = c.operator
       WHERE c.purpose = $1 AND c.bound_hash = $2 AND c.expires_at > $3 AND c.attempts_left > 0`,
      [purpose, sha256(boundTo), this.clock.now()],
    );
    if (!rows[0]) return undefined;
    const { operator: id, username, customerId, version, totpSecret, ...challenge } = rows[0];
    return {
      ...challenge,
      person: { id, username, customerId, version },
      totpSecret: totpSecret && this.totps.opened(id, totpSecret),
    };
  }

  /** Takes one of the few attempts. @returns false where none is left */
  async attempt(id: string): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE second_factor_challenges SET attempts_left = attempts_left - 1
       WHERE id = $1 AND attempts_left > 0 AND expires_at > $2`,
      [id, this.clock.now()],
    );
    return rowCount === 1;
  }

  /** Whether it has not ended, within the transaction that holds its person. */
  async isThere(transaction: Transaction, id: string): Promise<boolean> {
    const { rowCount } = await transaction.query('SELECT FROM second_factor_challenges WHERE id = $1', [id]);
    return rowCount === 1;
  }

  /** Ends one, once. @returns false where it had ended before */
  async end(transaction: Transaction, id: string): Promise<boolean> {
    const { rowCount } = await transaction.query('DELETE FROM second_factor_challenges WHERE id = $1', [id]);
    return rowCount === 1;
  }
}

/**
 * Holds a person who has to answer until the transaction ends.
 * @returns false where he has gone, is not active, or was changed since the challenge was made
 */
export async function holdUnchanged(transaction: Transaction, person: ChallengedPerson): Promise<boolean> {
  const { rowCount } = await transaction.query(
    'SELECT FROM operators WHERE id = $1 AND active AND version = $2 FOR NO KEY UPDATE',
    [person.id, person.version],
  );
  return rowCount === 1;
}
