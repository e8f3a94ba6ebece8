import { createPrivateKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { AccessTokenSigningAlg } from '#oauth-protocol';

/** A public key as the JWKS shows it (RFC 7517 §4): nothing of the private one. */
export interface PublicJwk {
  kty: string;
  crv: string;
  x: string;
  /** Of elliptic curves (RFC 7518 §6.2.1.3). */
  y?: string;
  kid: string;
  alg: AccessTokenSigningAlg;
  use: 'sig';
}

export interface KeyPair {
  /** RFC 7638 thumbprint. */
  kid: string;
  publicKey: PublicJwk;
  /** A JWK in JSON. */
  privateKey: string;
}

/** P-256 for ES256 (RFC 7518 §3.4), Ed25519 for EdDSA (RFC 8037 §3.1). */
export async function makeKeyPair(alg: AccessTokenSigningAlg): Promise<KeyPair> {
  const { privateKey } = await generateKeyPair(alg, {
    crv: alg === 'ES256' ? 'P-256' : 'Ed25519',
    extractable: true,
  });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, publicKey: publicJwk(jwk, kid, alg), privateKey: JSON.stringify(jwk) };
}

const KEY_TYPES: Record<AccessTokenSigningAlg, string> = { ES256: 'ec', EdDSA: 'ed25519' };

/**
 * A private key, ready to sign.
 * @throws Error where it is not the one that the kid names; the text is never part of it
 */
export async function importPrivateKey(
  privateKey: string,
  { kid, alg }: { kid: string; alg: AccessTokenSigningAlg },
): Promise<KeyObject> {
  const jwk = parsed(privateKey);
  if (!jwk?.d || (await calculateJwkThumbprint(jwk)) !== kid)
    throw new Error('It is not the key that its kid names.');
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  if (key.asymmetricKeyType !== KEY_TYPES[alg]) throw new Error(`It is no key of ${alg}.`);
  return key;
}

/** Named member by member, so that none that is private can come along. */
export function publicJwk(jwk: JWK, kid: string, alg: AccessTokenSigningAlg): PublicJwk {
  const { kty, crv, x, y } = jwk;
  return { kty: kty!, crv: crv!, x: x!, ...(y === undefined ? {} : { y }), kid, alg, use: 'sig' };
}

/** `JSON.parse` quotes the text in its error, which goes into a log. */
function parsed(json: string): JWK | undefined {
  try {
    return JSON.parse(json) as JWK;
  } catch {
    return undefined;
  }
}
