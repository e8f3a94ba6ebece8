import { LRUCache } from 'lru-cache';
import type { ChangeFeed, ChangeKind } from './change-feed.js';

interface Loading<Value> {
  /** Which changes had been heard of when it began. */
  generation: number;
  value: Promise<Value | undefined>;
}

/**
 * Rows that are asked for again and again, remembered until the database says that they changed.
 * What is not there is not remembered. Concurrent questions for one key are one question.
 *
 * A row that was read before a change was heard of is not remembered after it, and nobody who asks
 * after it is given it. While the feed is not live, nothing is remembered and nothing is trusted.
 */
export class CachedRecords<Value extends object> {
  private readonly values: LRUCache<string, Value>;
  private readonly loading = new Map<string, Loading<Value>>();
  private generation = 0;

  /** @param max how many are remembered; 0: none */
  constructor(
    private readonly changes: ChangeFeed,
    kind: ChangeKind,
    private readonly max: number,
    private readonly load: (key: string) => Promise<Value | undefined>,
  ) {
    this.values = new LRUCache({ max: Math.max(max, 1) });
    changes.on(kind, (key) => {
      this.generation += 1;
      if (key === undefined) this.values.clear();
      else this.values.delete(key);
    });
  }

  /** What is remembered of a key now: most who ask need not wait. */
  known(key: string): Value | undefined {
    return this.changes.isLive ? this.values.get(key) : undefined;
  }

  async find(key: string): Promise<Value | undefined> {
    if (this.max === 0 || !this.changes.isLive) return this.load(key);
    return this.values.get(key) ?? this.loadOnce(key);
  }

  /** Gives one's place to others; it has not changed. */
  evict(key: string): void {
    this.values.delete(key);
  }

  private loadOnce(key: string): Promise<Value | undefined> {
    const { generation } = this;
    const underWay = this.loading.get(key);
    if (underWay?.generation === generation) return underWay.value;
    const loading = { generation, value: this.loadAndRemember(key, generation) };
    this.loading.set(key, loading);
    return loading.value;
  }

  private async loadAndRemember(key: string, generation: number): Promise<Value | undefined> {
    try {
      const value = await this.load(key);
      if (value && generation === this.generation) this.values.set(key, value);
      return value;
    } finally {
      if (this.loading.get(key)?.generation === generation) this.loading.delete(key);
    }
  }
}
