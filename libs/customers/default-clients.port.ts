import type { Caller } from '#access-control';
import type { Transaction } from '#database';

export interface DefaultClientOfCustomer {
  name: string;
  clientId: string;
  clientSecret: string;
}

/** Port: the clients that every further customer begins with. */
export abstract class DefaultClientsOfCustomer {
  /**
   * Registers them in the caller's name: nobody gets more than he has, nor does his customer.
   * @returns them with their secrets, this one time
   * @throws LackingScopes 403 where they would hold an admin scope that the caller lacks
   */
  abstract create(
    transaction: Transaction,
    caller: Caller,
    customerId: string,
  ): Promise<DefaultClientOfCustomer[]>;
}
