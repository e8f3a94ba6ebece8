import { hash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  type CryptoKey,
  EmbeddedJWK,
  errors,
  jwtVerify,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { publicKeyFault } from './client-jwks.js';
import { sameHttpUri } from './http-uri.js';
import { CLOCK_TOLERANCE, MAX_JTI, SIGNATURE_ALGS } from './signature-algs.js';

/** How old a proof may be, in seconds, beside what the clocks are apart. */
const MAX_AGE = 60;

/** RFC 7638 thumbprint of a key, SHA-256 (RFC 9449 §6.1, `jkt`). */
export const JWK_THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** Of the headers whose keys are remembered, in characters; one with a P-256 key has some 250. */
const MAX_REMEMBERED = 2_000_000;

/** What a proof shows. */
export interface DpopProof {
  /** The thumbprint of the key that its sender holds. */
  jkt: string;
  jti: string;
  nonce: string | undefined;
  /** The hash of the access token that it goes with. */
  ath: string | undefined;
  /** From when on it is refused, so that nobody need remember its `jti` any longer. */
  refusedFrom: Date;
}

/** Why a proof shows nothing, in words for its sender: he made it. */
export class DpopProofFault extends Error {}

/**
 * A DPoP proof (RFC 9449 §4.3), but for what is not in it: whether its `jti` was used before, whether its
 * nonce is one of the server's, and whether its key is the one that a token is bound to.
 * 1. It is a JWT of the type `dpop+jwt`, signed by an asymmetric algorithm that is taken here.
 * 2. The key of its own header signed it, and that is one that a client could be registered with: nothing
 *    private, and of a size that is checked in a moment.
 * 3. It has a `jti`, and is for this method and this address, whatever their query.
 * 4. It was made just now.
 * @throws DpopProofFault
 */
export async function verifyDpopProof(
  proof: string,
  { method, uri, now }: { method: string; uri: string; now: Date },
): Promise<DpopProof> {
  const { payload, jkt } = await signed(proof, now);
  const { htm, htu, iat, jti, nonce, ath } = payload;
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI)
    throw new DpopProofFault(`jti must be a text of 1 to ${MAX_JTI} characters.`);
  if (htm !== method) throw new DpopProofFault('htm must be the method of the request.');
  if (typeof htu !== 'string' || !sameHttpUri(htu, uri))
    throw new DpopProofFault('htu must be the address of the request, without query and fragment.');
  if (iat === undefined) throw new DpopProofFault('iat is missing.');
  const age = now.getTime() / 1000 - iat;
  if (age < -CLOCK_TOLERANCE || age > MAX_AGE + CLOCK_TOLERANCE)
    throw new DpopProofFault('iat must be now; the clocks are too far apart.');
  if (nonce !== undefined && typeof nonce !== 'string') throw new DpopProofFault('nonce must be a text.');
  if (ath !== undefined && typeof ath !== 'string') throw new DpopProofFault('ath must be a text.');
  return { jkt, jti, nonce, ath, refusedFrom: new Date((iat + MAX_AGE + CLOCK_TOLERANCE + 1) * 1000) };
}

/** RFC 9449 §4.3, 12: whether a proof goes with this access token. */
export function goesWith({ ath }: DpopProof, accessToken: string): boolean {
  return ath === hash('sha256', accessToken, 'base64url');
}

/**
 * Keys that have signed a proof, with their thumbprints, by the header that brought them, as it was sent: to
 * take one in takes longer than to check a signature by it, and who holds one sends it each time.
 */
const signers = new LRUCache<string, { key: CryptoKey; jkt: string }>({
  maxSize: MAX_REMEMBERED,
  sizeCalculation: (_, header) => header.length,
});

/** Looked at before anything is computed by it: whoever sends it chose it. */
const embeddedKey: JWTVerifyGetKey = (header, token) => {
  const known = signers.get(token.protected!);
  if (known) return known.key;
  const fault = publicKeyFault(header.jwk);
  if (fault) throw new DpopProofFault(`jwk ${fault}.`);
  return EmbeddedJWK(header, token);
};

async function signed(proof: string, now: Date): Promise<{ payload: JWTPayload; jkt: string }> {
  try {
    const { payload, protectedHeader, key } = await jwtVerify(proof, embeddedKey, {
      typ: 'dpop+jwt',
      algorithms: [...SIGNATURE_ALGS],
      currentDate: now,
      clockTolerance: CLOCK_TOLERANCE,
    });
    const header = proof.slice(0, proof.indexOf('.'));
    const known = signers.get(header);
    if (known) return { payload, jkt: known.jkt };
    const jkt = await calculateJwkThumbprint(protectedHeader.jwk as JWK);
    signers.set(header, { key: key as CryptoKey, jkt });
    return { payload, jkt };
  } catch (error) {
    if (error instanceof DpopProofFault) throw error;
    if (error instanceof errors.JOSEAlgNotAllowed)
      throw new DpopProofFault(`alg must be one of ${SIGNATURE_ALGS.join(', ')}.`);
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed)
      throw new DpopProofFault(`${error.claim} is not in order.`);
    throw new DpopProofFault('It must be a JWT, signed by the public key that its header holds as jwk.');
  }
}
