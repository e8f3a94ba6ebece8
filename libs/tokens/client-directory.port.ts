import type { AuthenticatedClient, Principal } from '#access-control';
import type { Queryable } from '#database';

/** Port: the clients to whom tokens belong. */
export abstract class ClientDirectory {
  /** @throws Problem 404 beyond the caller's customer */
  abstract see(caller: Principal, clientId: string): Promise<AuthenticatedClient>;

  /** The client for somebody who would end its tokens. @throws Problem 404 beyond the customers that he may change */
  abstract forRevoking(caller: Principal, clientId: string): Promise<AuthenticatedClient>;

  /** The client for somebody who would hand it a token. @throws Problem 403, 404, or 409 while it may not act */
  abstract forHandingOut(caller: Principal, clientId: string): Promise<AuthenticatedClient>;

  /** Notes the access token that the code flow gave a client (`last_authorization`), whose row is locked by then. */
  abstract noteToken(
    transaction: Queryable,
    client: string,
    token: { accessToken: string; createdAt: Date },
  ): Promise<void>;

  /** The client for somebody who would look at its tokens again. @throws Problem 403 or 404 */
  abstract forRevealing(caller: Principal, clientId: string): Promise<AuthenticatedClient>;
}
