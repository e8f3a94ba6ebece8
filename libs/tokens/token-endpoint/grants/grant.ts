import type { AuthenticatedClient, RequestOrigin } from '#access-control';
import type { FormParameters } from '#http-api';
import type { GrantType } from '#oauth-protocol';
import type { IssuedToken } from '../../issuing/access-token-issuer.js';

export interface TokenRequest {
  client: AuthenticatedClient;
  parameters: FormParameters;
  origin: RequestOrigin;
}

/** One way of getting a token: its checks, and what it gives. */
export interface Grant {
  readonly grantType: GrantType;
  /** @throws OAuthError in the terms of RFC 6749 §5.2 */
  handle(request: TokenRequest): Promise<IssuedToken>;
}

/** Injection token for all grants of the token endpoint. */
export const GRANTS = Symbol('GRANTS');
