import { Injectable } from '@nestjs/common';
import { Permissions } from '#oauth-protocol';
import type { TokenVerification } from './access-token-verifier.js';
import { BoundedRefusals } from './bounded-refusals.js';
import { invalidToken, malformedToken } from './challenges.js';
import type { AuthenticatedRequest } from './decorators.js';
import { ANONYMOUS, type Principal } from './principal.js';
import type { Refusal, RevokedUse } from './refusals.js';
import { requestOrigin } from './request-origin.js';
import { BearerStrategy } from './strategies.js';

const REVOKED_USE: Record<RevokedUse, string> = {
  token_revoked: 'was called with an access token that has been revoked',
  client_deleted: 'was called with an access token of a client that has been deleted',
  operator_inactive: 'was called with an access token of a person who is not active',
  client_inactive: 'was called with an access token of a client that is not active',
  client_not_yet_valid: 'was called with an access token of a client that is not valid yet',
  client_no_longer_valid: 'was called with an access token of a client that is not valid any more',
  address_not_allowed: 'was called from an address that the client may not use',
};

/** Bearer validation, RFC 6750 §3.1. A call that has begun when its token expires runs to its end. */
@Injectable()
export class BearerAuthentication {
  constructor(
    private readonly bearer: BearerStrategy,
    private readonly refusals: BoundedRefusals,
  ) {}

  /** @throws OAuthError `invalid_token`, once the refusal is on record; Problem 429 where there were too many */
  async authenticate(request: AuthenticatedRequest, token: string): Promise<Principal> {
    const verification = await this.bearer.try(token, requestOrigin(request));
    if (verification.status === 'active') {
      const { actor, customerId, clientId, tokenId, operator, scopes } = verification;
      return { actor, customerId, clientId, tokenId, operator, permissions: Permissions.of(scopes) };
    }
    await this.refusals.record(refusalOf(verification, request));
    throw invalidToken(
      verification.status === 'expired' ? 'The access token expired' : 'The access token is not valid',
    );
  }

  /** Refuses a header that holds no bearer token, or a token anywhere else; that is on record too. */
  async refuseMalformed(request: AuthenticatedRequest, description: string): Promise<never> {
    const origin = requestOrigin(request);
    await this.refusals.record({
      type: 'access_token.unknown_use',
      actor: ANONYMOUS,
      origin,
      customer_id: null,
      detail: { message: `${origin.method} ${origin.path} was refused: ${description}` },
    });
    throw malformedToken(description);
  }
}

function refusalOf(
  verification: Exclude<TokenVerification, { status: 'active' }>,
  request: AuthenticatedRequest,
): Refusal {
  const origin = requestOrigin(request);
  const call = `${origin.method} ${origin.path}`;
  if (verification.status === 'unknown') {
    return {
      type: 'access_token.unknown_use',
      actor: ANONYMOUS,
      origin,
      customer_id: null,
      detail: { message: `${call} was called with an access token that was never issued here.` },
    };
  }
  const { actor, clientId, tokenId, customerId } = verification;
  const whose = { actor, origin, client_id: clientId, token_id: tokenId, customer_id: customerId };
  if (verification.status === 'expired') {
    const expiredAt = verification.expiredAt.toISOString();
    return {
      type: 'access_token.expired_use',
      ...whose,
      detail: {
        message: `${call} was called with an access token of ${clientId} that expired at ${expiredAt}.`,
        expired_at: expiredAt,
      },
    };
  }
  return {
    type: 'access_token.revoked_use',
    ...whose,
    detail: {
      message: `${call} ${REVOKED_USE[verification.reason]}: ${clientId}.`,
      reason: verification.reason,
      revoked_at: verification.revokedAt?.toISOString(),
    },
  };
}
