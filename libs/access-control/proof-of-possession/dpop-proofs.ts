import { Injectable } from '@nestjs/common';
import { PublicUrl } from '#configuration';
import type { Queryable } from '#database';
import { Clock } from '#http-api';
import { DpopProofFault, OAuthError, verifyDpopProof, type DpopProof } from '#oauth-protocol';
import type { AuthenticatedClient } from '../client-authenticator.js';
import type { AuthenticatedRequest } from '../decorators.js';
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
   * 2. A client that is registered for DPoP is given a nonce with each answer, and each of its proofs must hold
   *    one (§8, §11.3). Others are given none: whoever merely brings a proof need not be able to.
   * @param registered whether the client is registered for DPoP
   * @returns undefined where there is none
   * @throws DpopProofFault, DpopNonceNeeded
   */
  async of(request: AuthenticatedRequest, registered: boolean): Promise<DpopProof | undefined> {
    // Most have none: node takes all headers apart where it is asked for distinct ones.
    if (request.headers.dpop === undefined) return undefined;
    const dpop = request.raw.headersDistinct.dpop!;
    if (dpop.length > 1) throw new DpopProofFault('There is more than one DPoP header.');
    if (registered) await this.giveNonce(request);
    const proof = await verifyDpopProof(dpop[0]!, {
      method: request.method,
      uri: this.publicUrl.issuer + request.originalUrl,
      now: this.clock.now(),
    });
    const { nonce } = proof;
    const isGood = nonce !== undefined && (await this.nonces.isGood(nonce));
    if (registered && !isGood) throw new DpopNonceNeeded('The proof needs the nonce that DPoP-Nonce brings.');
    if (nonce !== undefined && !isGood) throw new DpopProofFault('nonce is none that was given here.');
    return proof;
  }

  /** §8.2: an answer that brings a nonce is kept by nobody. */
  private async giveNonce({ answer }: AuthenticatedRequest): Promise<void> {
    void answer?.headers({ 'dpop-nonce': await this.nonces.current(), 'cache-control': 'no-store' });
  }

  /**
   * The same for who authenticates as a client, at the token endpoint or where requests are pushed.
   * @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce`
   */
  ofClient(request: AuthenticatedRequest, client: AuthenticatedClient): Promise<DpopProof | undefined> {
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
