import { Injectable, Module } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Configuration } from '#configuration';
import { CachedRecords, CHANNEL, ChangeFeed, Database } from '#database';
import { Clock } from '#http-api';
import { sha256 } from '#oauth-protocol';
import { networkOf } from './networks.js';
import { Turns } from './turns.js';

/** What failures are counted over, in milliseconds. It begins with the first, and no later one makes it longer. */
const WINDOW_MS = 60 * 1000;
/** An address may fail this many times as often as a pair: people share one. */
export const ADDRESS_FACTOR = 5;

/** Who tries to be whom, and from where. */
export interface Attempt {
  /** What kind of thing is tried and which one, e.g. `operator:ada`, known or not. */
  subject: string;
  ip: string | null;
}

/** Too many have failed: nothing is tried before that many seconds have passed. */
export interface Locked {
  seconds: number;
  /** Whether this attempt is the one that locked; those that follow change nothing. */
  first: boolean;
}

interface Count {
  failures: number;
  since: Date;
}

/** The pair's, and the address's where that was counted too. */
interface Counts extends Count {
  addressFailures: number | null;
  addressSince: Date | null;
}

/**
 * One more for the pair; and where that is within its limit, one more for the address. Whichever has
 * now failed as often as a pair may is told of to every instance.
 */
const COUNT = `
  WITH pair AS (
    INSERT INTO failed_authentications AS f (key, failures, since) VALUES ($1, 1, $3)
    ON CONFLICT (key) DO UPDATE SET
      failures = CASE WHEN f.since > $4 AND f.since < $6 THEN f.failures + 1 ELSE 1 END,
      since = CASE WHEN f.since > $4 AND f.since < $6 THEN f.since ELSE $3 END
    RETURNING failures, since
  ), address AS (
    INSERT INTO failed_authentications AS f (key, failures, since)
    SELECT $2, 1, $3 FROM pair WHERE pair.failures <= $5
    ON CONFLICT (key) DO UPDATE SET
      failures = CASE WHEN f.since > $4 AND f.since < $6 THEN f.failures + 1 ELSE 1 END,
      since = CASE WHEN f.since > $4 AND f.since < $6 THEN f.since ELSE $3 END
    RETURNING failures, since
  )
  SELECT pair.failures, pair.since, address.failures AS "addressFailures", address.since AS "addressSince",
    CASE pair.failures WHEN $5 THEN pg_notify('${CHANNEL}', 'failures:' || $1) END,
    CASE address.failures WHEN $5 THEN pg_notify('${CHANNEL}', 'failures:' || $2) END
  FROM pair LEFT JOIN address ON true`;

/** Pairs and addresses that are remembered for having failed less often than that. */
const MAX_INNOCENT = 20_000;

/**
 * Slows down who guesses. Failures are counted for the pair of who is tried and from where, so that
 * nobody locks a person out from elsewhere, and for the address over all. A person's attempt counts
 * before it is made and is taken back when it succeeds (`begin`): many at once get no further than one
 * after the other. A client's counts once it has failed (`lockOn`, `failed`), so that one who is right
 * costs no write; of those at once a few at a time are made (`inTurn`), and no more get past the lock.
 * Keys are SHA-256: the table names nobody.
 */
@Injectable()
export class FailedAuthentications {
  private readonly turns = new Turns();
  /** Keys that have not failed as often as a pair may: most of them, so that nothing is asked for them. */
  private readonly innocent: CachedRecords<object>;

  constructor(
    private readonly database: Database,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {
    this.innocent = new CachedRecords(changes, 'failures', MAX_INNOCENT, (key) => this.innocence(key));
  }

  /** Why an attempt must not be made; counts nothing. */
  async lockOn(attempt: Attempt): Promise<{ seconds: number; of: 'pair' | 'address' } | undefined> {
    const keys = [pairKey(attempt), addressKey(attempt)];
    if (keys.every((key) => this.innocent.known(key))) return undefined;
    const found = await Promise.all(keys.map((key) => this.innocent.find(key)));
    if (found.every(Boolean)) return undefined;
    const limit = this.configuration.rateLimitFailures;
    const now = this.clock.now();
    const { rows } = await this.database.query<{ since: Date; pair: boolean }>(
      `SELECT since, key = $1 AS pair FROM failed_authentications
        WHERE since > $3 AND since < $6 AND ((key = $1 AND failures >= $4) OR (key = $2 AND failures >= $5))
        ORDER BY pair DESC LIMIT 1`,
      [...keys, windowStart(now), limit, limit * ADDRESS_FACTOR, windowEnd(now)],
    );
    if (!rows[0]) return undefined;
    const { since, pair } = rows[0];
    return { seconds: secondsUntilEnd(since, now), of: pair ? 'pair' : 'address' };
  }

  /** Makes attempts of the same pair a few at a time, each with its `lockOn` and `failed` within. */
  inTurn<Result>(attempt: Attempt, work: () => Promise<Result>): Promise<Result> {
    return this.turns.take(pairKey(attempt), work);
  }

  /** Counts an attempt that is about to be made. @returns why it must not be made, or undefined */
  async begin(attempt: Attempt): Promise<Locked | undefined> {
    const limit = this.configuration.rateLimitFailures;
    const now = this.clock.now();
    const { failures, since, addressFailures, addressSince } = await this.count(attempt, now);
    if (addressFailures === null || addressSince === null) return lockOf({ failures, since }, limit, now);
    return lockOf({ failures: addressFailures, since: addressSince }, limit * ADDRESS_FACTOR, now);
  }

  /** Counts an attempt that has failed. @returns whether it is the one with which the lock begins */
  async failed(attempt: Attempt): Promise<boolean> {
    const limit = this.configuration.rateLimitFailures;
    const { failures, addressFailures } = await this.count(attempt, this.clock.now());
    return failures === limit || addressFailures === limit * ADDRESS_FACTOR;
  }

  /** The attempt has succeeded: the pair begins anew, and for the address it did not happen. */
  async succeeded(attempt: Attempt): Promise<void> {
    await this.database.query('DELETE FROM failed_authentications WHERE key = $1', [pairKey(attempt)]);
    await this.takeBack([addressKey(attempt)]);
  }

  /** The attempt could not be made, e.g. because too much was waiting: nobody has failed. */
  async abandoned(attempt: Attempt): Promise<void> {
    await this.takeBack([pairKey(attempt), addressKey(attempt)]);
  }

  private async count(attempt: Attempt, now: Date): Promise<Counts> {
    const limit = this.configuration.rateLimitFailures;
    const keys = [pairKey(attempt), addressKey(attempt)];
    const parameters = [...keys, now, windowStart(now), limit, windowEnd(now)];
    const { rows } = await this.database.query<Counts>(COUNT, parameters);
    const { failures, addressFailures } = rows[0]!;
    if (failures === limit || addressFailures === limit) await this.changes.settle();
    return rows[0]!;
  }

  private async innocence(key: string): Promise<object | undefined> {
    const now = this.clock.now();
    const { rowCount } = await this.database.query(
      'SELECT FROM failed_authentications WHERE key = $1 AND since > $2 AND failures >= $3 AND since < $4',
      [key, windowStart(now), this.configuration.rateLimitFailures, windowEnd(now)],
    );
    return rowCount === 0 ? {} : undefined;
  }

  private async takeBack(keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.database.query(
        'UPDATE failed_authentications SET failures = failures - 1 WHERE key = $1 AND failures > 0',
        [key],
      );
    }
  }
}

function lockOf({ failures, since }: Count, limit: number, now: Date): Locked | undefined {
  if (failures <= limit) return undefined;
  return { seconds: secondsUntilEnd(since, now), first: failures === limit + 1 };
}

function windowStart(now: Date): Date {
  return new Date(now.getTime() - WINDOW_MS);
}

/** Clocks of instances differ a little. A count from further ahead is of before a clock was put back: it locks nobody. */
function windowEnd(now: Date): Date {
  return new Date(now.getTime() + WINDOW_MS);
}

function secondsUntilEnd(since: Date, now: Date): number {
  return Math.max(Math.ceil((since.getTime() + WINDOW_MS - now.getTime()) / 1000), 1);
}

function pairKey({ subject, ip }: Attempt): string {
  return keyOf('pair', subject, networkOf(ip));
}

function addressKey({ ip }: Attempt): string {
  return keyOf('address', networkOf(ip));
}

/** Keys by what they are of: the same few come again and again. */
const keys = new LRUCache<string, string>({ max: MAX_INNOCENT });
/** Longer ones are not remembered: whoever guesses makes them up, as long as a body may be. */
const MAX_LENGTH = 256;

function keyOf(...parts: string[]): string {
  const text = JSON.stringify(parts);
  if (text.length > MAX_LENGTH) return sha256(text).toString('base64url');
  const key = keys.get(text) ?? sha256(text).toString('base64url');
  keys.set(text, key);
  return key;
}

/** One count for all who authenticate. */
@Module({ providers: [FailedAuthentications], exports: [FailedAuthentications] })
export class FailedAuthenticationsModule {}
