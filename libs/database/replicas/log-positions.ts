interface Sample {
  /** When it was asked for: what was committed before lies at or before the position. */
  at: number;
  position: bigint;
}

/** Where the primary's write-ahead log was of late, by which the age of what a standby shows is known. */
export class LogPositions {
  /** The oldest first. */
  private samples: Sample[] = [];

  /** @param keptMs how far back, in milliseconds */
  constructor(private readonly keptMs: number) {}

  add(at: number, position: bigint): void {
    this.samples = [...this.samples.filter((sample) => at - sample.at <= this.keptMs), { at, position }];
  }

  /**
   * Whether a standby shows all that was committed before the time that is kept. It tells the same however
   * idle the primary is, and also where the standby hears of it no longer.
   * @param replayed how far in the log the standby is
   */
  areReachedBy(replayed: bigint): boolean {
    return this.samples.some(({ position }) => position <= replayed);
  }
}
