import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** Keys of a client side by side: a few while they rotate. */
const MAX_KEYS = 10;
/** FAPI 2.0 Security Profile §5.4.1: "RSA keys shall have a minimum length of 2048 bits". Beyond the other, a check takes long. */
const RSA_BITS = { min: 2048, max: 8192 };
/** By an exponent of 1 everybody signs, and by a long one a check takes long. */
const RSA_EXPONENT = { min: 3n, max: 2n ** 32n };
const MAX_KID = 255;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const ALGS: Record<string, readonly string[]> = {
  ec: ['ES256'],
  ed25519: ['EdDSA', 'Ed25519'],
  rsa: ['PS256'],
};

/** A public key (RFC 7517 §4, RFC 7518 §6). */
interface PublicJwk {
  kty?: string;
  kid?: string;
  alg?: string;
  use?: string;
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
}

/** A JWK Set (RFC 7517 §5), of public keys. */
export interface Jwks {
  keys: PublicJwk[];
}

/**
 * What is wrong with the public keys that a client is registered with (RFC 7591 §2, `jwks`), or undefined:
 * each one is a public key of an algorithm that is taken here, and told apart from the others by its `kid`.
 */
export function jwksFault(value: unknown): string | undefined {
  if (!isObject(value) || !Array.isArray(value.keys)) return 'must be a JWK Set: {"keys": […]}';
  const { keys } = value as { keys: unknown[] };
  if (keys.length === 0 || keys.length > MAX_KEYS) return `must hold 1 to ${MAX_KEYS} keys`;
  for (const [index, key] of keys.entries()) {
    const fault = publicKeyFault(key);
    if (fault) return `keys[${index}] ${fault}`;
  }
  const kids = keys.map((key) => (key as { kid?: string }).kid);
  if (keys.length > 1 && kids.includes(undefined)) return 'must give each of several keys a kid';
  return new Set(kids).size === kids.length ? undefined : 'must not give two keys the same kid';
}

/** What is wrong with one of them, or with the key that a proof brings (RFC 9449 §4.2), or undefined. */
export function publicKeyFault(jwk: unknown): string | undefined {
  if (!isObject(jwk)) return 'must be an object';
  const held = PRIVATE_MEMBERS.find((member) => member in jwk);
  if (held) return `must be a public key, and holds ${held}`;
  const { kid, use, alg } = jwk;
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID))
    return `must have a kid of 1 to ${MAX_KID} characters`;
  if (use !== undefined && use !== 'sig') return 'must be for signatures (use: sig)';
  const key = publicKeyOf(jwk);
  const algs = key && algsOf(key);
  if (!algs)
    return `must be a key for ES256 (P-256), PS256 (RSA, ${RSA_BITS.min} to ${RSA_BITS.max} bits) or EdDSA (Ed25519)`;
  if (alg !== undefined && !algs.includes(alg as string))
    return `must be for ${algs.join(' or ')}, by its alg`;
  return undefined;
}

function algsOf(key: KeyObject): readonly string[] | undefined {
  const { namedCurve, modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType ?? '';
  if (type === 'ec' && namedCurve !== 'prime256v1') return undefined;
  if (type === 'rsa' && (modulusLength! < RSA_BITS.min || modulusLength! > RSA_BITS.max)) return undefined;
  if (type === 'rsa' && (publicExponent! < RSA_EXPONENT.min || publicExponent! > RSA_EXPONENT.max))
    return undefined;
  return ALGS[type];
}

function publicKeyOf(jwk: Record<string, unknown>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
