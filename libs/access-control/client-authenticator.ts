import type { AccessTokenFormat, GrantType } from '#oauth-protocol';
import type { AuthenticationFailure } from './refusals.js';
import type { RequestOrigin } from './request-origin.js';

/** A client that proved who it is, with what the token endpoint needs to know of it. */
export interface AuthenticatedClient {
  /** The row's own id: a `client_id` may be used again after its client was deleted, this never. */
  id: string;
  clientId: string;
  customerId: string;
  scopes: string[];
  grantTypes: GrantType[];
  accessTokenFormat: AccessTokenFormat;
  /** Seconds. */
  accessTokenTtl: number;
}

/** What was presented. Both readings of Basic credentials are tried (RFC 6749 §2.3.1 and the raw one). */
export interface ClientCredentials {
  readings: { clientId: string; clientSecret: string }[];
}

export type ClientAuthentication =
  | { client: AuthenticatedClient }
  | { failure: AuthenticationFailure; clientId: string; customerId: string | null };

/** Port: tells whether credentials are those of a client that may act now, from this address. */
export abstract class ClientAuthenticator {
  abstract authenticate(credentials: ClientCredentials, origin: RequestOrigin): Promise<ClientAuthentication>;
}
