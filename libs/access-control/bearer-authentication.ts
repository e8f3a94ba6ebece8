import { Injectable } from '@nestjs/common';
import { DpopProofFault, goesWith, Permissions } from '#oauth-protocol';
import { AccessTokenVerifier, type ActiveToken, type TokenVerification } from './access-token-verifier.js';
import { BoundedRefusals } from './bounded-refusals.js';
import { invalidToken, malformedToken, proofMissing, proofRefused } from './challenges.js';
import type { AuthenticatedRequest } from './decorators.js';
import { ANONYMOUS, type Principal, type TokenScheme } from './principal.js';
import { DpopNonceNeeded, DpopProofs } from './proof-of-possession/dpop-proofs.js';
import type { ProofFailure, Refusal, RevokedUse } from './refusals.js';
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
  other_resource: 'was called with an access token that is for other resources',
};

const PROOF_FAILURES: Record<ProofFailure, string> = {
  proof_missing: 'was called without a proof, with an access token that is bound to a key',
  proof_invalid: 'was called with a proof that is not in order',
  other_key: 'was called with a proof of another key than the one that the access token is bound to',
  token_not_bound: 'was called with a proof, and an access token that is bound to no key',
};

/**
 * Validation of access tokens, RFC 6750 §3.1 and, where they are bound to a key, RFC 9449 §7. A call that
 * has begun when its token expires runs to its end.
 */
@Injectable()
export class BearerAuthentication {
  constructor(
    private readonly bearer: BearerStrategy,
    private readonly tokens: AccessTokenVerifier,
    private readonly proofs: DpopProofs,
    private readonly refusals: BoundedRefusals,
  ) {}

  /**
   * 1. The token is worth something now.
   * 2. It comes as it must: with a proof where it is bound to a key, and else without (RFC 9449 §7.2).
   * 3. The proof is in order, of that key, made for this token, and shown for the first time.
   * 4. Then its use is noted.
   * @param scheme that the token was sent by
   * @throws OAuthError `invalid_token`, Problem 401, once the refusal is on record; Problem 429 where there were too many
   */
  async authenticate(request: AuthenticatedRequest, token: string, scheme: TokenScheme): Promise<Principal> {
    const origin = requestOrigin(request);
    const verification = await this.bearer.try(token, origin);
    if (verification.status !== 'active') {
      await this.refusals.record(refusalOf(verification, request));
      throw invalidToken(
        verification.status === 'expired' ? 'The access token expired' : 'The access token is not valid',
        scheme,
      );
    }
    if (verification.dpopJkt !== null || scheme === 'dpop')
      await this.requireProof(request, token, verification, scheme);
    this.tokens.noteUse(verification, origin);
    const { actor, customerId, clientId, tokenId, operator, scopes } = verification;
    return {
      actor,
      customerId,
      clientId,
      tokenId,
      tokenScheme: scheme,
      operator,
      permissions: Permissions.of(scopes),
    };
  }

  private async requireProof(
    request: AuthenticatedRequest,
    accessToken: string,
    token: ActiveToken,
    scheme: TokenScheme,
  ): Promise<void> {
    if (scheme === 'bearer') return this.refuse(request, token, 'proof_missing', proofMissing());
    if (token.dpopJkt === null)
      return this.refuse(
        request,
        token,
        'token_not_bound',
        invalidToken('The access token is not bound to a key', 'dpop'),
      );
    try {
      const proof = await this.proofs.of(request, token.dpopRegistered);
      if (!proof) throw new DpopProofFault('There is none.');
      if (!goesWith(proof, accessToken))
        throw new DpopProofFault('ath must be the hash of the access token.');
      if (proof.jkt !== token.dpopJkt)
        return await this.refuse(
          request,
          token,
          'other_key',
          invalidToken('The proof is of another key', 'dpop'),
        );
      await this.proofs.spend(proof);
    } catch (error) {
      // No refusal, but a step of the protocol.
      if (error instanceof DpopNonceNeeded) throw proofRefused('use_dpop_nonce', error.message);
      if (!(error instanceof DpopProofFault)) throw error;
      const words = `The DPoP proof is refused: ${error.message}`;
      await this.refuse(
        request,
        token,
        'proof_invalid',
        proofRefused('invalid_dpop_proof', words),
        error.message,
      );
    }
  }

  private async refuse(
    request: AuthenticatedRequest,
    { actor, clientId, tokenId, customerId }: ActiveToken,
    reason: ProofFailure,
    answer: Error,
    details = '',
  ): Promise<never> {
    const origin = requestOrigin(request);
    const message =
      `${origin.method} ${origin.path} ${PROOF_FAILURES[reason]}: ${clientId}. ${details}`.trimEnd();
    await this.refusals.record({
      type: 'access_token.proof_failed',
      actor,
      origin,
      client_id: clientId,
      token_id: tokenId,
      customer_id: customerId,
      detail: { message, reason },
    });
    throw answer;
  }

  /** Refuses a header that holds no bearer token, or a token anywhere else; that is on record too. */
  async refuseMalformed(
    request: AuthenticatedRequest,
    description: string,
    scheme: TokenScheme = 'bearer',
  ): Promise<never> {
    const origin = requestOrigin(request);
    await this.refusals.record({
      type: 'access_token.unknown_use',
      actor: ANONYMOUS,
      origin,
      customer_id: null,
      detail: { message: `${origin.method} ${origin.path} was refused: ${description}` },
    });
    throw malformedToken(description, scheme);
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
