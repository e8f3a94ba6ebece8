import { DatabaseBusyError, isDatabaseUnavailable } from './unavailable.js';

interface Waiting<Item> {
  item: Item;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Statements under way at a time, and the items for which a second one is begun. */
const MAX_UNDER_WAY = 2;
const WORTH_A_BATCH = 16;
/** A statement that fails after this, in milliseconds, has been waited for in vain. */
export const IN_VAIN_MS = 1_000;

interface GroupCommitOptions {
  /** Items in one statement at most. */
  maxBatch?: number;
  /** Items that wait for one at most; beyond that, one is turned away at once. */
  maxWaiting?: number;
}

/**
 * Coalesces concurrent writes into one statement. While a batch is being written, what arrives
 * waits for the next; alone, an item is written at once. `add` resolves when its item is durable.
 *
 * A batch that fails for one bad item is written again item by item, so that only that one fails.
 * One that fails because the database does not answer fails as a whole: asking once more for each
 * would take as long again each time, and the batch may have been stored after all. Where that took
 * its time, those who wait fail with it: they have waited as long, and nobody waits for two.
 */
export class GroupCommit<Item> {
  private waiting: Waiting<Item>[] = [];
  private underWay = 0;
  private readonly maxBatch: number;
  private readonly maxWaiting: number;

  /** @param write stores all items in one atomic statement, or throws and stores none */
  constructor(
    private readonly write: (items: Item[]) => Promise<void>,
    { maxBatch = 500, maxWaiting = 2_000 }: GroupCommitOptions = {},
  ) {
    this.maxBatch = maxBatch;
    this.maxWaiting = maxWaiting;
  }

  /** Items that wait for their statement. */
  get size(): number {
    return this.waiting.length;
  }

  /** @throws DatabaseBusyError where too many wait already */
  add(item: Item): Promise<void> {
    if (this.waiting.length >= this.maxWaiting) return Promise.reject(new DatabaseBusyError());
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
    const begunAt = performance.now();
    try {
      await this.write(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const isUnavailable = isDatabaseUnavailable(error);
      if (!isUnavailable && batch.length > 1) return await this.commitEach(batch);
      const isInVain = isUnavailable && performance.now() - begunAt > IN_VAIN_MS;
      for (const { reject } of isInVain ? batch.concat(this.waiting.splice(0)) : batch) reject(error);
    }
  }

  private async commitEach(batch: Waiting<Item>[]): Promise<void> {
    for (const one of batch) await this.commit([one]);
  }
}
