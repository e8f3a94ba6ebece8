import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { SharedCounts } from './shared-counts.js';

const PREFIX = 'postern:requests';
/** A minute's counts are of no use after it. */
const KEPT_MS = 2 * 60 * 1000;
/** How long Redis may take to answer, and to take a connection, in milliseconds. */
const ANSWER_MS = 500;
const CONNECT_MS = 1_000;
const MAX_PAUSE_MS = 1_000;

/** Shared by all instances that have the same Redis. Whoever adds never waits for a connection. */
export class RedisCounts implements SharedCounts {
  private readonly redis: Redis;
  private readonly logger = new Logger('Redis');
  private down = false;

  constructor(url: string) {
    this.redis = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: CONNECT_MS,
      commandTimeout: ANSWER_MS,
      retryStrategy: (times) => Math.min(times * 100, MAX_PAUSE_MS),
    });
    this.redis.on('error', (error: NodeJS.ErrnoException) => this.lost(error));
    this.redis.on('ready', () => this.found());
  }

  async add(minute: Date, keys: readonly string[], counts: readonly number[]): Promise<number[]> {
    const pipeline = this.redis.pipeline();
    for (const [index, key] of keys.entries()) {
      const name = `${PREFIX}:${minute.getTime()}:${key}`;
      pipeline.incrby(name, counts[index]!).pexpire(name, KEPT_MS);
    }
    const answers = (await pipeline.exec())!;
    const error = answers.find(([fault]) => fault)?.[0];
    if (error) {
      // It may be half open: it is not waited for until the system finds out.
      if (this.redis.status === 'ready') this.redis.disconnect(true);
      throw error;
    }
    return keys.map((_, index) => Number(answers[2 * index]![1]));
  }

  close(): void {
    this.redis.disconnect();
  }

  /** Once, however often it is tried; never the address, which may hold a password. */
  private lost({ code, name }: NodeJS.ErrnoException): void {
    if (!this.down)
      this.logger.warn(`Redis does not answer (${code ?? name}): requests are counted in PostgreSQL.`);
    this.down = true;
  }

  private found(): void {
    if (this.down) this.logger.warn('Redis answers again.');
    this.down = false;
  }
}
