import type { AuthenticatedClient, RequestOrigin } from '#access-control';
import type { FormParameters } from '#http-api';
import { OAuthError, type DpopProof, type GrantType } from '#oauth-protocol';
import type { PrivateClaims } from '../../issuing/jwt-access-token.js';
import type { IssuedToken } from '../../issuing/access-token-issuer.js';

export interface TokenRequest {
  client: AuthenticatedClient;
  parameters: FormParameters;
  origin: RequestOrigin;
  /** The proof that came along, which whatever is given is bound to; it is in order, and not spent yet. */
  proof?: DpopProof;
  /** What a JWT carries beside its usual claims. */
  claims?: PrivateClaims;
}

/** What a grant gave. */
export interface GivenTokens {
  issued: IssuedToken;
  /** Where a person stands behind it, and the client may refresh. */
  refreshToken?: string;
}

/** One way of getting a token: its checks, and what it gives. */
export interface Grant {
  readonly grantType: GrantType;
  /** @throws OAuthError in the terms of RFC 6749 §5.2 */
  handle(request: TokenRequest): Promise<GivenTokens>;
}

/** Injection token for all grants of the token endpoint. */
export const GRANTS = Symbol('GRANTS');

/** RFC 6749 §5.2: "The authenticated client is not authorized to use this authorization grant type." */
export function requireRegistered(client: AuthenticatedClient, grantType: GrantType): void {
  if (!client.grantTypes.includes(grantType))
    throw new OAuthError('unauthorized_client', `The client is not registered for ${grantType}.`);
}
