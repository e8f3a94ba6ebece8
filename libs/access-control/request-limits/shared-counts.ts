/** Where instances add up what each of them has counted. */
export interface SharedCounts {
  /**
   * Adds to the counts of a minute, each by its key.
   * @returns what they come to, in the same order
   * @throws Error where the store does not answer; some may have been added
   */
  add(minute: Date, keys: readonly string[], counts: readonly number[]): Promise<number[]>;
  close?(): void;
}
