import { IN_VAIN_MS } from './group-commit.js';
import { DatabaseBusyError } from './unavailable.js';

interface Waiting<Row> {
  resolve: (row: Row | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Coalesces concurrent reads by key into one statement. While one is under way, who asks waits for
 * the next, which begins after he asked: nobody is shown what was there before. Alone, a key is
 * read at once. Where a read takes its time and fails, those who wait fail with it.
 */
export class GroupRead<Row> {
  private waiting = new Map<string, Waiting<Row>[]>();
  private waitingCount = 0;
  private running: Promise<void> | undefined;

  /**
   * @param read finds the rows of these keys, in any order, each with its key
   * @param maxBatch keys in one statement at most
   * @param maxWaiting how many wait for one at most; beyond that, one is turned away at once
   */
  constructor(
    private readonly read: (keys: string[]) => Promise<Iterable<readonly [string, Row]>>,
    private readonly maxBatch = 200,
    private readonly maxWaiting = 2_000,
  ) {}

  /**
   * @returns undefined where there is none
   * @throws DatabaseBusyError where too many wait already
   */
  find(key: string): Promise<Row | undefined> {
    if (this.waitingCount >= this.maxWaiting) return Promise.reject(new DatabaseBusyError());
    this.waitingCount += 1;
    return new Promise((resolve, reject) => {
      const others = this.waiting.get(key);
      if (others) others.push({ resolve, reject });
      else this.waiting.set(key, [{ resolve, reject }]);
      this.running ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.size > 0) await this.answer(this.nextBatch());
    this.running = undefined;
  }

  private nextBatch(maxBatch = this.maxBatch): Map<string, Waiting<Row>[]> {
    const all = [...this.waiting];
    this.waiting = new Map(all.slice(maxBatch));
    const batch = new Map(all.slice(0, maxBatch));
    for (const waiting of batch.values()) this.waitingCount -= waiting.length;
    return batch;
  }

  private async answer(batch: Map<string, Waiting<Row>[]>): Promise<void> {
    const begunAt = performance.now();
    try {
      const rows = new Map(await this.read([...batch.keys()]));
      for (const [key, waiting] of batch) for (const { resolve } of waiting) resolve(rows.get(key));
    } catch (error) {
      const isInVain = performance.now() - begunAt > IN_VAIN_MS;
      const failed = [batch, isInVain ? this.nextBatch(Infinity) : new Map<string, Waiting<Row>[]>()];
      for (const { reject } of failed.flatMap((one) => [...one.values()].flat())) reject(error);
    }
  }
}
