import { isDatabaseUnavailable } from './unavailable.js';

interface Waiting<Item> {
  item: Item;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Statements under way at a time, and the items for which a second one is begun. */
const MAX_UNDER_WAY = 2;
const WORTH_A_BATCH = 16;

/**
 * Coalesces concurrent writes into one statement. While a batch is being written, what arrives
 * waits for the next; alone, an item is written at once. `add` resolves when its item is durable.
 *
 * A batch that fails for one bad item is written again item by item, so that only that one fails.
 * One that fails because the database does not answer fails as a whole: asking once more for each
 * would take as long again each time, and the batch may have been stored after all.
 */
export class GroupCommit<Item> {
  private waiting: Waiting<Item>[] = [];
  private underWay = 0;

  /**
   * @param write stores all items in one atomic statement, or throws and stores none
   * @param maxBatch items in one statement at most
   */
  constructor(
    private readonly write: (items: Item[]) => Promise<void>,
    private readonly maxBatch = 500,
  ) {}

  /** Items that wait for their statement. */
  get size(): number {
    return this.waiting.length;
  }

  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.underWay === 0 || this.isWorthAnother()) void this.drain();
    });
  }

  /** While a batch waits for the disk, another one can be worked on; small ones had better wait. */
  private isWorthAnother(): boolean {
    return this.underWay < MAX_UNDER_WAY && this.waiting.length >= WORTH_A_BATCH;
  }

  private async drain(): Promise<void> {
    this.underWay += 1;
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.maxBatch);
      await this.commit(batch);
    }
    this.underWay -= 1;
  }

  private async commit(batch: Waiting<Item>[]): Promise<void> {
    try {
      await this.write(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1 || isDatabaseUnavailable(error)) for (const { reject } of batch) reject(error);
      else for (const one of batch) await this.commit([one]);
    }
  }
}
