/** A percent-encoded octet (RFC 3986 §2.1). */
const ENCODED = /%[0-9A-Fa-f]{2}/g;
const UNRESERVED = /[A-Za-z0-9._~-]/;

/**
 * Whether two http addresses are the same without their query and fragment, after syntax- and scheme-based
 * normalization (RFC 3986 §6.2.2, §6.2.3), as RFC 9449 §4.3 has it.
 */
export function sameHttpUri(one: string, other: string): boolean {
  const normalized = normalizedHttpUri(one);
  return normalized !== undefined && normalized === normalizedHttpUri(other);
}

function normalizedHttpUri(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, username, password, origin, pathname } = new URL(uri);
  if (!['https:', 'http:'].includes(protocol) || username || password) return undefined;
  return origin + pathname.replaceAll(ENCODED, plain);
}

/** §6.2.2.2: what need not be encoded is not; of the rest the digits are in capitals. */
function plain(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return UNRESERVED.test(character) ? character : encoded.toUpperCase();
}
