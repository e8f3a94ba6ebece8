interface Waiting<Row> {
  resolve: (row: Row | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Coalesces concurrent reads by key into one statement. While one is under way, who asks waits for
 * the next, which begins after he asked: nobody is shown what was there before. Alone, a key is
 * read at once.
 */
export class GroupRead<Row> {
  private waiting = new Map<string, Waiting<Row>[]>();
  private running: Promise<void> | undefined;

  /**
   * @param read finds the rows of these keys, in any order, each with its key
   * @param maxBatch keys in one statement at most
   */
  constructor(
    private readonly read: (keys: string[]) => Promise<Iterable<readonly [string, Row]>>,
    private readonly maxBatch = 200,
  ) {}

  /** @returns undefined where there is none */
  find(key: string): Promise<Row | undefined> {
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

  private nextBatch(): Map<string, Waiting<Row>[]> {
    const all = [...this.waiting];
    this.waiting = new Map(all.slice(this.maxBatch));
    return new Map(all.slice(0, this.maxBatch));
  }

  private async answer(batch: Map<string, Waiting<Row>[]>): Promise<void> {
    try {
      const rows = new Map(await this.read([...batch.keys()]));
      for (const [key, waiting] of batch) for (const { resolve } of waiting) resolve(rows.get(key));
    } catch (error) {
      for (const waiting of batch.values()) for (const { reject } of waiting) reject(error);
    }
  }
}
