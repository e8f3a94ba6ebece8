import type {
  AccessTokenFormat,
  AccessTokenSigningAlg,
  ClientProfile,
  GrantType,
  TokenEndpointAuthMethod,
} from '#oauth-protocol';
import type { AuthenticationFailure } from './refusals.js';
import type { RequestOrigin } from './request-origin.js';

/** A client that proved who it is, or that has nothing to prove it by, with what the OAuth endpoints need to know of it. */
export interface AuthenticatedClient {
  /** The row's own id: a `client_id` may be used again after its client was deleted, this never. */
  id: string;
  clientId: string;
  customerId: string;
  name: string;
  scopes: string[];
  grantTypes: GrantType[];
  /** `none` for a public client (RFC 6749 §2.1). */
  tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  accessTokenFormat: AccessTokenFormat;
  accessTokenSigningAlg: AccessTokenSigningAlg;
  /** Seconds. */
  accessTokenTtl: number;
  /** Seconds since the last rotation. */
  refreshTokenTtl: number;
  /** Where its introspection calls come from. */
  publicBaseUri: string | null;
  /** What it is held to as a whole. */
  profile: ClientProfile | null;
  /** Whether all its tokens are bound to a key (RFC 9449 §5.2). */
  dpopBoundAccessTokens: boolean;
  /** Whom it may ask tokens for, beside Postern itself (RFC 8707). */
  resources: string[];
  /** Postern's own, for people: nobody looks at its tokens again. */
  builtIn: boolean;
}

/** What was presented. Both readings of Basic credentials are tried (RFC 6749 §2.3.1 and the raw one). */
export interface ClientCredentials {
  readings: { clientId: string; clientSecret: string }[];
}

export type ClientAuthentication =
  | { client: AuthenticatedClient }
  | {
      failure: AuthenticationFailure;
      clientId: string;
      customerId: string | null;
      /** What is wrong, where whoever failed has shown that he holds a key of the client's. */
      told?: string;
    };

/** Port: tells whether credentials are those of a client that may act now, from this address. */
export abstract class ClientAuthenticator {
  abstract authenticate(credentials: ClientCredentials, origin: RequestOrigin): Promise<ClientAuthentication>;

  /** By a JWT that the client signed (RFC 7523). */
  abstract authenticateByAssertion(
    presented: { clientId: string; assertion: string },
    origin: RequestOrigin,
  ): Promise<ClientAuthentication>;

  /** The public client of this id (RFC 6749 §3.2.1): one without a secret only names itself. */
  abstract identify(clientId: string, origin: RequestOrigin): Promise<ClientAuthentication>;
}
