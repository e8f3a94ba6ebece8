import { Logger } from '@nestjs/common';

interface PeriodicBatchOptions<Value> {
  /** How late a value may be stored. */
  periodMs?: number;
  /** What is left of two values of one key, e.g. their sum; by default the later one. May change the first. */
  merge?: (known: Value, later: Value) => Value;
}

/**
 * Collects the latest value per key, or their sum, and writes all of them together, once a period:
 * for what is good to know and need not be durable at once, such as "last used". A write that fails
 * is tried again with the next one, together with what was noted since.
 */
export class PeriodicBatch<Key, Value> {
  private latest = new Map<Key, Value>();
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;
  private readonly merge: (known: Value, later: Value) => Value;

  /** @param write stores all entries in one statement */
  constructor(
    private readonly write: (entries: [Key, Value][]) => Promise<void>,
    { periodMs = 1000, merge = (_known, later) => later }: PeriodicBatchOptions<Value> = {},
  ) {
    this.merge = merge;
    this.timer = setInterval(() => void this.flush().catch(() => {}), periodMs).unref();
  }

  note(key: Key, value: Value): void {
    const known = this.latest.get(key);
    this.latest.set(key, known === undefined ? value : this.merge(known, value));
  }

  /** Writes what has gathered; one write at a time. */
  flush(): Promise<void> {
    this.writing = this.writing.catch(() => {}).then(() => this.writeLatest());
    return this.writing;
  }

  /**
   * Stops the timer and writes what is left. Where that fails it is lost, with a warning: whoever
   * closes has more to close.
   */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush().catch((error: Error) => {
      new Logger('PeriodicBatch').warn(`${this.latest.size} values were not stored: ${error.message}`);
    });
  }

  private async writeLatest(): Promise<void> {
    if (this.latest.size === 0) return;
    const entries = this.latest;
    this.latest = new Map();
    try {
      await this.write([...entries]);
    } catch (error) {
      const since = this.latest;
      this.latest = entries;
      for (const [key, value] of since) this.note(key, value);
      throw error;
    }
  }
}
