/** A public key (RFC 7517 §4), as far as it is looked at here. */
export interface Jwk {
  kty?: string;
  kid?: string;
  alg?: string;
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
}

/** A JWK Set (RFC 7517 §5). */
export interface Jwks {
  keys: Jwk[];
}

const MAX_KEYS = 10;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];
const PRIVATE =
  'This is a private key, and nothing of it was sent. Keep it with the application, and paste its public half';

/** What a text holds: the keys, one alone as a set of its own; or what is wrong with it, in words. */
export function readJwks(text: string): { jwks?: Jwks; fault?: string } {
  if (text.includes('PRIVATE KEY-----')) return { fault: `${PRIVATE}, as a JWK.` };
  if (text.trim().startsWith('-----BEGIN')) return { fault: 'This is PEM. Paste the key as a JWK.' };
  const value = parsed(text);
  if (!isObject(value))
    return { fault: 'Is not JSON of a JWK Set, or of one JWK: {"keys": […]} or {"kty": …}' };
  const set = 'keys' in value ? value : { keys: [value] };
  const fault = faultOf(set.keys);
  return fault === undefined ? { jwks: set as object as Jwks } : { fault };
}

/** For a form's `validate`. @param needed whether there must be keys */
export function keysFault(text: string, needed: boolean): string | null {
  if (text.trim() === '') return needed ? 'Paste its public keys: they are what it proves itself by.' : null;
  return readJwks(text).fault ?? null;
}

/** What the API is told. What cannot be read stays as it is: it is refused before it is sent. */
export function sentJwks(text: string): Jwks | string | null {
  return text.trim() === '' ? null : (readJwks(text).jwks ?? text);
}

export function jwksText(jwks: object | null): string {
  return jwks === null ? '' : JSON.stringify(jwks, null, 2);
}

/** “P-256”, “RSA, 2048 bits”, “Ed25519”. */
export function keyKind({ kty, crv, n }: Jwk): string {
  if (kty === 'RSA') return n === undefined ? 'RSA' : `RSA, ${bitsOf(n)} bits`;
  return crv ?? kty ?? 'unknown';
}

/** What it signs by, where the key itself says nothing: what the server takes of its kind. */
const ALGS: Record<string, string> = { EC: 'ES256', OKP: 'EdDSA', RSA: 'PS256' };

export function keyAlg({ alg, kty }: Jwk): string {
  return alg ?? ALGS[kty ?? ''] ?? '–';
}

/** A key in a word or two, to be told from the others by. */
export function keyName(key: Jwk): string {
  return key.kid === undefined ? keyKind(key) : `${key.kid} (${keyKind(key)})`;
}

function faultOf(keys: unknown): string | undefined {
  if (!Array.isArray(keys)) return '“keys” must be a list of keys.';
  if (keys.length === 0 || keys.length > MAX_KEYS) return `Takes 1 to ${MAX_KEYS} keys.`;
  for (const key of keys) {
    if (!isObject(key) || typeof key.kty !== 'string') return 'Each key must be a JWK, with its “kty”.';
    if (key.kty === 'oct' || 'k' in key)
      return 'This is a shared secret, and nothing of it was sent. Paste a public key: P-256, RSA or Ed25519.';
    const held = PRIVATE_MEMBERS.find((member) => member in key);
    if (held) return `${PRIVATE}: the same without “${held}” and its other private parts.`;
  }
  return undefined;
}

function bitsOf(modulus: string): number {
  return Math.floor((modulus.length * 6) / 8) * 8;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
