import type { Jwk } from './jwks';

/** RFC 7638 §3.2, RFC 8037 §2: what makes a key the key that it is, in the order of the alphabet. */
const MEMBERS: Record<string, readonly (keyof Jwk)[]> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

/** A key's name that nobody has to give it: SHA-256, as `jkt` and logs have it. */
export async function thumbprint(key: Jwk): Promise<string> {
  const members = MEMBERS[key.kty ?? ''] ?? [];
  const canonical = JSON.stringify(Object.fromEntries(members.map((member) => [member, key[member]])));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical));
  return btoa(String.fromCharCode(...new Uint8Array(hash)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
