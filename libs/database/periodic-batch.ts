import { Logger } from '@nestjs/common';

/**
 * Collects the latest value per key and writes all of them together, once a period: for what is
 * good to know and need not be durable at once, such as "last used". A write that fails is tried
 * again with the next one; what a key was given since then wins.
 */
export class PeriodicBatch<Key, Value> {
  private latest = new Map<Key, Value>();
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  /**
   * @param write stores all entries in one statement
   * @param periodMs how late a value may be stored
   */
  constructor(
    private readonly write: (entries: [Key, Value][]) => Promise<void>,
    periodMs = 1000,
  ) {
    this.timer = setInterval(() => void this.flush().catch(() => {}), periodMs).unref();
  }

  note(key: Key, value: Value): void {
    this.latest.set(key, value);
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
      this.latest = new Map([...entries, ...this.latest]);
      throw error;
    }
  }
}
