import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Global, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { Problem } from '#http-api';
import { Metrics, QUEUE_WAITING, Tracing } from '#observability';
import { HashingThread, type HashingJob, type HashingResult } from './hashing-thread.js';

/** Of bcrypt, which takes twice as long with each one more: with these, some 50 ms. */
const BCRYPT_COST = 10;
/** What no text is hashed to that is ever presented, behind its cost. */
const DUMMY = 'abcdefghijklmnopqrstuu1234567890abcdefghijklmnopqrstu';
/** Slow hashes at a time, at half of the cores, and those that may wait; beyond that a caller is told to come again. */
const CONCURRENCY = Math.max(1, Math.floor(availableParallelism() / 2));
const MAX_WAITING = 64;
const REMEMBERED = 10_000;

/**
 * bcrypt, for what a person chose: a password, or a client secret that was supplied. One that was
 * verified is remembered under a key that dies with the process, so that the slow hash runs once.
 */
@Injectable()
export class SlowHashing implements OnApplicationShutdown {
  private readonly slow = pLimit(CONCURRENCY);
  private readonly threads = Array.from({ length: CONCURRENCY }, () => new HashingThread());
  private readonly idle = [...this.threads];
  /** Which plain text a stored hash was last verified with. */
  private readonly verified = new LRUCache<string, Buffer>({ max: REMEMBERED });
  private readonly memoryKey = randomBytes(32);
  /** Takes the time of any other hash. */
  private readonly dummy: string;

  constructor(
    metrics: Metrics,
    private readonly tracing: Tracing,
    private readonly cost = BCRYPT_COST,
  ) {
    this.dummy = `$2b$${String(cost).padStart(2, '0')}$${DUMMY}`;
    metrics.gauge(QUEUE_WAITING, () => [
      { labels: { queue: 'slow_hashing' }, value: this.slow.pendingCount },
    ]);
  }

  /** @throws Problem 503 while too many wait */
  hash(plain: string): Promise<string> {
    return this.slowly({ plain: digest(plain), cost: this.cost }) as Promise<string>;
  }

  /**
   * @returns the index of the hash that is the presented text's, or -1; with no hashes at all, after
   *   the time that one takes
   * @throws Problem 503 while too many wait
   */
  async match(presented: string, hashes: readonly string[]): Promise<number> {
    const remembered = hashes.findIndex((hash) => this.remembers(presented, hash));
    if (remembered >= 0) return remembered;
    const candidates = hashes.length > 0 ? hashes : [this.dummy];
    // All of them, and each in its own turn: the bound counts hashes, and the time does not tell which matched.
    const results = await Promise.all(
      candidates.map((hash) => this.slowly({ plain: digest(presented), hash })),
    );
    const matched = hashes.length > 0 ? results.indexOf(true) : -1;
    if (matched >= 0) this.verified.set(hashes[matched]!, this.fingerprint(presented, hashes[matched]!));
    return matched;
  }

  private remembers(presented: string, hash: string): boolean {
    const fingerprint = this.verified.get(hash);
    return fingerprint !== undefined && timingSafeEqual(fingerprint, this.fingerprint(presented, hash));
  }

  private fingerprint(plain: string, hash: string): Buffer {
    return createHmac('sha256', this.memoryKey).update(hash).update('\0').update(plain).digest();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()));
  }

  /** A bounded queue: wrong guesses wait for each other, and starve nobody else. */
  private async slowly(job: HashingJob): Promise<HashingResult> {
    if (this.slow.pendingCount >= MAX_WAITING) throw Problem.busy();
    const span = this.tracing.begin('slow hash');
    try {
      return await this.slow(async () => {
        const thread = this.idle.pop()!;
        try {
          return await thread.run(job);
        } finally {
          this.idle.push(thread);
        }
      });
    } finally {
      span?.end();
    }
  }
}

/** One bound for the whole process, whoever hashes. */
@Global()
@Module({})
export class SlowHashingModule {
  /** @param cost of bcrypt, where it is not the usual */
  static register(cost?: number): DynamicModule {
    const hashing = {
      provide: SlowHashing,
      useFactory: (metrics: Metrics, tracing: Tracing) => new SlowHashing(metrics, tracing, cost),
      inject: [Metrics, Tracing],
    };
    return { module: SlowHashingModule, providers: [hashing], exports: [SlowHashing] };
  }
}

/** bcrypt reads 72 bytes at most and stops at a NUL; 64 characters of base64 keep all of the secret. */
function digest(plain: string): string {
  return createHash('sha384').update(plain).digest('base64');
}
