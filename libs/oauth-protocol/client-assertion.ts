import {
  createLocalJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { Jwks } from './client-jwks.js';
import { CLIENT_ID } from './client-metadata.js';
import { CLOCK_TOLERANCE, MAX_JTI, SIGNATURE_ALGS } from './signature-algs.js';

/** RFC 7523 §2.2. */
export const JWT_BEARER_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How long an assertion may still be good for, in seconds: so long its `jti` is remembered. */
const MAX_LIFETIME = 600;

/** An assertion that proved who the client is. */
export interface ClientAssertion {
  jti: string;
  /** From when on it is refused, so that nobody need remember its `jti` any longer. */
  refusedFrom: Date;
}

/** Why an assertion proves nothing. */
export class ClientAssertionFault extends Error {
  /** @param signed whether the client's key signed it: then its sender may know what is wrong with it */
  constructor(
    message: string,
    readonly signed: boolean,
  ) {
    super(message);
  }
}

/** Whom an assertion says that it is of; nothing of it is proved. @returns undefined where it is no JWT, or names what can be no client */
export function claimedClient(assertion: string): string | undefined {
  try {
    const { sub } = decodeJwt(assertion);
    return typeof sub === 'string' && CLIENT_ID.test(sub) ? sub : undefined;
  } catch {
    return undefined;
  }
}

/** Keys by the set that they stand in: a client's set is the same object until it changes. */
const keySets = new WeakMap<Jwks, JWTVerifyGetKey>();

/**
 * Client authentication by `private_key_jwt` (RFC 7523 §3, RFC 7523bis):
 * 1. One of the client's keys signed it, by an asymmetric algorithm that is taken here.
 * 2. `iss` and `sub` are the client, and `aud` is the issuer alone, as a string: an assertion that was made
 *    for another server, or for several, is none here.
 * 3. It has an `exp` that is not over, and not far away; `nbf` and `iat` are not ahead.
 * 4. It has a `jti`. Whether that was used before its caller has to ask.
 * @throws ClientAssertionFault
 */
export async function verifyClientAssertion(
  assertion: string,
  jwks: Jwks,
  { clientId, issuer, now }: { clientId: string; issuer: string; now: Date },
): Promise<ClientAssertion> {
  const claims = await signedClaims(assertion, jwks, now);
  const { iss, sub, aud, exp, nbf, iat, jti } = claims;
  if (iss !== clientId || sub !== clientId) throw fault('iss and sub must both be the client_id');
  if (aud !== issuer) throw fault(`aud must be the issuer, ${issuer}, as a string`);
  if (exp === undefined) throw fault('exp is missing');
  const seconds = now.getTime() / 1000;
  if (exp > seconds + MAX_LIFETIME + CLOCK_TOLERANCE)
    throw fault(`exp must be within ${MAX_LIFETIME} seconds`);
  if ([iat, nbf].some((time) => time !== undefined && time > seconds + CLOCK_TOLERANCE))
    throw fault('iat and nbf must not be in the future');
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI)
    throw fault(`jti must be a text of 1 to ${MAX_JTI} characters`);
  return { jti, refusedFrom: new Date((exp + CLOCK_TOLERANCE + 1) * 1000) };
}

async function signedClaims(assertion: string, jwks: Jwks, now: Date): Promise<JWTPayload> {
  const keys = keySets.get(jwks) ?? createLocalJWKSet(jwks as unknown as JSONWebKeySet);
  keySets.set(jwks, keys);
  try {
    const { payload } = await jwtVerify(assertion, keys, {
      algorithms: [...SIGNATURE_ALGS],
      currentDate: now,
      clockTolerance: CLOCK_TOLERANCE,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw fault('exp is over');
    if (error instanceof errors.JWTClaimValidationFailed) throw fault(`${error.claim} is not in order`);
    // Several keys, one of which it names no better.
    if (error instanceof errors.JWKSMultipleMatchingKeys)
      throw new ClientAssertionFault('Several keys match; the header must name one by its kid.', false);
    throw new ClientAssertionFault('None of the client’s keys signed it.', false);
  }
}

function fault(words: string): ClientAssertionFault {
  return new ClientAssertionFault(`The client assertion is refused: ${words} (RFC 7523).`, true);
}
