import { LRUCache } from 'lru-cache';
import type { CacheFigures, ChangeFeed, ChangeKind } from './change-feed.js';

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
export class CachedRecords<Value extends object> implements CacheFigures {
  hits = 0;
  misses = 0;
  private readonly values: LRUCache<string, Value>;
  private readonly loading = new Map<string, Loading<Value>>();
  private generation = 0;

  /** @param max how many are remembered; 0: none */
  constructor(
    private readonly changes: ChangeFeed,
    readonly kind: ChangeKind,
    private readonly max: number,
    private readonly load: (key: string) => Promise<Value | undefined>,
  ) {
    this.values = new LRUCache({ max: Math.max(max, 1) });
    changes.caches.push(this);
    changes.on(kind, (key) => {
      this.generation += 1;
      if (key === undefined) this.values.clear();
      else this.values.delete(key);
    });
  }

  /** What is remembered of a key now: most who ask need not wait. */
  known(key: string): Value | undefined {
    const value = this.changes.isLive ? this.values.get(key) : undefined;
    if (value) this.hits += 1;
    return value;
  }

  async find(key: string): Promise<Value | undefined> {
    const known = this.max === 0 ? undefined : this.known(key);
    if (known) return known;
    this.misses += 1;
    return this.max === 0 || !this.changes.isLive ? this.load(key) : this.loadOnce(key);
  }

  get size(): number {
    return this.values.size;
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
