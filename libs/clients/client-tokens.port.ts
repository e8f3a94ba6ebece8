import type { Queryable } from '#database';

/** Port: what was issued to a client, for when the client goes. */
export abstract class ClientTokens {
  /**
   * Ends all tokens of a client for good, within the transaction that removes it.
   * @param client the client row's id
   * @returns how many were ended
   */
  abstract endAll(transaction: Queryable, client: string, at: Date): Promise<number>;
}
