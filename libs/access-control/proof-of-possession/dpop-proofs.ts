import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PublicUrl } from '#configuration';
import type { Queryable } from '#database';
import { Clock } from '#http-api';
import { DpopProofFault, OAuthError, verifyDpopProof, type DpopProof } from '#oauth-protocol';
import type { AuthenticatedClient } from '../client-authenticator.js';
import { DpopNonces } from './dpop-nonces.js';
import { UsedJtis } from './used-jtis.js';

/** A proof is in order but for its nonce: its sender is to make another with the one that the answer brings. */
export class DpopNonceNeeded extends Error {}

/** Proofs that requests bring (RFC 9449 §4), wherever they are taken. */
@Injectable()
export class DpopProofs {
  constructor(
    private readonly nonces: DpopNonces,
    private readonly usedJtis: UsedJtis,
    private readonly publicUrl: PublicUrl,
    private readonly clock: Clock,
  ) {}

  /**
   * The proof of a request; it is spent by `spend`, once it is known to be of use.
   * 1. There is one `DPoP` header at most, with a proof that is in order (`verifyDpopProof`).
   * 2. Its nonce is one of ours; where one is required, it has one.
   * @param nonceRequired for who is registered for DPoP; who merely brings a proof is given nonces, and may use them
   * @returns undefined where there is none
   * @throws DpopProofFault, DpopNonceNeeded
   */
  async of(request: FastifyRequest, nonceRequired: boolean): Promise<DpopProof | undefined> {
    const { dpop } = request.raw.headersDistinct;
    if (dpop === undefined) return undefined;
    if (dpop.length > 1) throw new DpopProofFault('There is more than one DPoP header.');
    const proof = await verifyDpopProof(dpop[0]!, {
      method: request.method,
      uri: this.publicUrl.issuer + request.originalUrl,
      now: this.clock.now(),
    });
    const { nonce } = proof;
    if (nonce === undefined ? nonceRequired : !(await this.nonces.isGood(nonce)))
      throw new DpopNonceNeeded('The proof needs the nonce that DPoP-Nonce brings.');
    return proof;
  }

  /**
   * The same for who authenticates as a client, at the token endpoint or where requests are pushed.
   * @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce`
   */
  ofClient(request: FastifyRequest, client: AuthenticatedClient): Promise<DpopProof | undefined> {
    return inOAuthTerms(this.of(request, client.dpopBoundAccessTokens));
  }

  /** As `spend`. @throws OAuthError `invalid_dpop_proof` */
  spendForClient(proof: DpopProof | undefined, within?: Queryable): Promise<void> {
    return proof ? inOAuthTerms(this.spend(proof, within)) : Promise.resolve();
  }

  /** Spends a proof for good. @throws DpopProofFault where it was shown before */
  async spend({ jkt, jti, refusedFrom }: DpopProof, within?: Queryable): Promise<void> {
    if (!(await this.usedJtis.isFirst({ by: jkt, jti, refusedFrom }, within)))
      throw new DpopProofFault('Its jti was used before.');
  }
}

async function inOAuthTerms<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DpopNonceNeeded) throw new OAuthError('use_dpop_nonce', error.message);
    if (error instanceof DpopProofFault)
      throw new OAuthError('invalid_dpop_proof', `The DPoP proof is refused: ${error.message}`);
    throw error;
  }
}
