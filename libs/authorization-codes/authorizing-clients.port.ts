import type { ClientStanding } from '#access-control';
import type { Queryable } from '#database';
import type { ClientProfile, GrantType, TokenEndpointAuthMethod } from '#oauth-protocol';

/** A client as the authorization endpoint needs to know it. */
export interface AuthorizingClient extends Omit<ClientStanding, 'allowedCidrs'> {
  /** The row's own id. */
  id: string;
  clientId: string;
  customerId: string;
  name: string;
  scopes: string[];
  grantTypes: GrantType[];
  /** `none` for a public client. */
  tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  redirectUris: string[];
  requirePkce: boolean;
  /** Whether its requests must be pushed (RFC 9126). */
  requirePar: boolean;
  /** Whom it may ask tokens for, beside Postern itself. */
  resources: string[];
  profile: ClientProfile | null;
  /** Postern's own: it asks for no consent, its redirect URIs match exactly, and its tokens are of the person's customer. */
  builtIn: boolean;
}

/** Whose rows a client's tokens read: its customer's; a built-in client's, those of the person's. */
export function customerOf(client: AuthorizingClient, person: { customerId: string }): string {
  return client.builtIn ? person.customerId : client.customerId;
}

/** Port: the clients that ask for codes. */
export abstract class AuthorizingClients {
  /** @returns undefined where there is none, or the text cannot be a `client_id` */
  abstract byClientId(clientId: string): Promise<AuthorizingClient | undefined>;

  abstract byId(id: string): Promise<AuthorizingClient | undefined>;

  /** Scopes of the client's customer's catalogue in words, in the order given. */
  abstract describe(
    customerId: string,
    scopes: readonly string[],
  ): Promise<{ name: string; description: string }[]>;

  /**
   * Locks the client until the transaction ends, then notes its latest code (`last_authorization`).
   * First in the order of locks: client, operator, grant.
   * @returns false where it is gone
   */
  abstract noteCode(
    transaction: Queryable,
    client: string,
    latest: { redirectUri: string; code: string; createdAt: Date; passthruUser: string },
  ): Promise<boolean>;
}
