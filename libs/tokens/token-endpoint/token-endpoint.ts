import { Inject, Injectable } from '@nestjs/common';
import {
  ClientAuthenticationService,
  DpopProofs,
  requestOrigin,
  type AuthenticatedClient,
  type AuthenticatedRequest,
} from '#access-control';
import type { FormParameters } from '#http-api';
import { OAuthError } from '#oauth-protocol';
import type { PrivateClaims } from '../issuing/jwt-access-token.js';
import { GRANTS, type GivenTokens, type Grant } from './grants/grant.js';
import type { TokenResponseDto } from './token.dto.js';
import { tokenTypeOf } from './token-type.js';

/** What every address that gives tokens does, once the client has authenticated. */
@Injectable()
export class TokenEndpoint {
  constructor(
    @Inject(GRANTS) private readonly grants: Grant[],
    private readonly authentication: ClientAuthenticationService,
    private readonly proofs: DpopProofs,
  ) {}

  /**
   * 1. The grant type is one that is served (RFC 6749 §5.2).
   * 2. A customer that is named is the client's.
   * 3. There is a proof where the client's tokens are bound to a key, and it is in order (RFC 9449 §5).
   * 4. The grant's own checks, and what it gives.
   * @param claims what a JWT carries beside its usual claims
   */
  async give(
    parameters: FormParameters,
    client: AuthenticatedClient,
    request: AuthenticatedRequest,
    claims?: PrivateClaims,
  ): Promise<GivenTokens> {
    const grant = this.grantOf(parameters.get('grant_type'));
    const customer = parameters.get('customer');
    if (customer && customer !== client.customerId) {
      return this.authentication.fail(request, 'wrong_customer', client.clientId, client.customerId);
    }
    const proof = await this.proofs.ofClient(request, client);
    if (!proof && client.dpopBoundAccessTokens) throw proofMissing(client);
    return grant.handle({ client, parameters, origin: requestOrigin(request), proof, claims });
  }

  /** The same as RFC 6749 §5.1 answers it. */
  async answer(
    parameters: FormParameters,
    client: AuthenticatedClient,
    request: AuthenticatedRequest,
  ): Promise<TokenResponseDto> {
    const { issued, refreshToken } = await this.give(parameters, client, request);
    const { token, accessToken } = issued;
    return {
      access_token: accessToken,
      token_type: tokenTypeOf(token),
      expires_in: Math.round((token.expiresAt.getTime() - token.issuedAt.getTime()) / 1000),
      scope: token.scopes.join(' '),
      refresh_token: refreshToken,
    };
  }

  private grantOf(grantType: string | undefined): Grant {
    if (!grantType) throw new OAuthError('invalid_request', 'grant_type is missing.');
    const grant = this.grants.find((one) => one.grantType === grantType);
    if (!grant) throw new OAuthError('unsupported_grant_type', 'This grant_type is not supported.');
    return grant;
  }
}

/** RFC 9449 §5.2: "the authorization server MUST reject token requests from the client that do not contain the DPoP header". */
function proofMissing({ profile }: AuthenticatedClient): OAuthError {
  const rule = profile === 'fapi2' ? 'FAPI 2.0 Security Profile, 5.3.2.1' : 'RFC 9449, 5.2';
  return new OAuthError(
    'invalid_dpop_proof',
    `A DPoP proof is missing: the tokens of this client are bound to a key (${rule}).`,
  );
}
