import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Configuration } from '#configuration';
import { Database } from '#database';
import { Clock } from '#http-api';
import { sha256 } from '#oauth-protocol';
import { PostgresCounts } from './postgres-counts.js';
import { RedisCounts } from './redis-counts.js';
import type { SharedCounts } from './shared-counts.js';

const MINUTE_MS = 60 * 1000;
/** How late instances learn of what the others have counted, in milliseconds. */
const SHARE_EVERY_MS = 200;
/** Of whom counts are kept at a time. */
const MAX_KEYS = 100_000;

interface Tally {
  /** What each store has said last; what this instance has added is among it. */
  stored: number[];
  /** Counted here and added to no store yet. */
  pending: number;
}

export interface Counted {
  /** How many there have been this minute, this one among them. */
  count: number;
  /** Until the minute is over. */
  seconds: number;
}

/**
 * Counts by the minute of the clock, on all instances together. What an instance counts is in force
 * there at once and at no cost, and is added to the others' several times a second: in Redis where
 * there is one that answers, else in PostgreSQL. Where neither does, each counts for itself.
 */
@Injectable()
export class MinuteCounts implements OnApplicationShutdown {
  /** The first that answers is added to. What the others were told counts on. None before something is counted. */
  private stores: SharedCounts[] | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly tallies = new LRUCache<string, Tally>({ max: MAX_KEYS });
  private readonly changed = new Set<string>();
  private minute = 0;
  private sharing = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {
    this.timer = setInterval(() => void this.share(), SHARE_EVERY_MS).unref();
  }

  /** Counts one more, unless there are more than `limit` already: how many more does not matter. */
  take(key: string, limit: number): Counted {
    this.stores ??= this.open();
    const now = this.turn();
    const tally = this.tallies.get(key) ?? { stored: [], pending: 0 };
    if (countOf(tally) <= limit) {
      tally.pending += 1;
      this.tallies.set(key, tally);
      this.changed.add(key);
    }
    return { count: countOf(tally), seconds: secondsLeft(now) };
  }

  /** As `take`, but counts nothing. */
  look(key: string): Counted {
    const now = this.turn();
    const tally = this.tallies.get(key);
    return { count: tally ? countOf(tally) : 0, seconds: secondsLeft(now) };
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    for (const store of this.stores ?? []) store.close?.();
  }

  private open(): SharedCounts[] {
    const { redisUrl } = this.configuration;
    const redis = redisUrl === undefined ? [] : [new RedisCounts(redisUrl)];
    return [...redis, new PostgresCounts(this.database)];
  }

  /** Begins anew where another minute has begun. @returns the time */
  private turn(): number {
    const now = this.clock.now().getTime();
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.minute) {
      this.minute = minute;
      this.tallies.clear();
      this.changed.clear();
    }
    return now;
  }

  private async share(): Promise<void> {
    if (this.sharing || this.changed.size === 0) return;
    this.sharing = true;
    try {
      await this.add([...this.changed]);
    } finally {
      this.sharing = false;
    }
  }

  private async add(changed: string[]): Promise<void> {
    const { minute } = this;
    this.changed.clear();
    const pending = changed.map((key) => this.tallies.peek(key)?.pending ?? 0);
    // The table, and whoever reads along at Redis, learns nobody's name or address.
    const hashed = changed.map((key) => sha256(key).toString('base64url'));
    for (const [store, counts] of this.stores!.entries()) {
      const totals = await counts.add(new Date(minute * MINUTE_MS), hashed, pending).catch(() => undefined);
      if (minute !== this.minute) return;
      if (!totals) continue;
      for (const [index, key] of changed.entries()) {
        const tally = this.tallies.peek(key);
        if (!tally) continue;
        tally.pending -= pending[index]!;
        tally.stored[store] = totals[index]!;
      }
      return;
    }
    for (const key of changed) this.changed.add(key);
  }
}

function countOf({ stored, pending }: Tally): number {
  // Holes and all: a store that was never asked has none.
  return stored.reduce((sum, count) => sum + count, pending);
}

function secondsLeft(now: number): number {
  return Math.max(Math.ceil((MINUTE_MS - (now % MINUTE_MS)) / 1000), 1);
}
