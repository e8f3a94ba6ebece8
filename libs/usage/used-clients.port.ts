import type { Principal } from '#access-control';

/** Port: the clients whose use is counted. */
export abstract class UsedClients {
  /**
   * @returns its row's id
   * @throws Problem 404 beyond the caller's customer
   */
  abstract see(caller: Principal, clientId: string): Promise<{ id: string; clientId: string }>;
}
