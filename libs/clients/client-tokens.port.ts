import type { Queryable } from '#database';

/** Port: what was issued to a client. */
export abstract class ClientTokens {
  /**
   * Ends all tokens of a client for good, within the transaction that removes it.
   * @param client the client row's id
   * @returns how many were ended
   */
  abstract endAll(transaction: Queryable, client: string, at: Date): Promise<number>;

  /**
   * How many tokens of each client are active.
   * @param clients the client rows' ids
   * @returns the counts in the clients' order, 1000 for that many or more
   */
  abstract countLive(clients: readonly string[], at: Date): Promise<number[]>;
}
