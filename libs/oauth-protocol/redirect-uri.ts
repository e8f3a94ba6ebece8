/**
 * What is wrong with a redirect URI, or undefined. RFC 9700 §4.1: exact strings, https, loopback
 * by IP, or a private-use scheme with a dot (RFC 8252 §7.1) for public clients.
 */
export function redirectUriFault(uri: string, publicClient: boolean): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(uri) || /[\\"<>^`{|}]/.test(uri)) return 'must be a URI of printable ASCII';
  if (uri.includes('#')) return 'must not have a fragment';
  if (uri.includes('*')) return 'must not hold a wildcard';
  const authority = /^[^:]+:\/\/([^/?]*)/.exec(uri)?.[1];
  if (authority?.includes('@')) return 'must not hold user information';
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(uri)?.[1]?.toLowerCase();
  if (!scheme || !URL.canParse(uri)) return 'must be an absolute URI';
  if (scheme === 'https' || scheme === 'http') return webUriFault(uri, scheme, authority);
  if (!scheme.includes('.')) return 'must be https, or a private-use scheme with a dot (RFC 8252)';
  if (!publicClient) return 'may have a private-use scheme for public clients only';
  return reservedParameterFault(uri);
}

/** A name of the DNS or an address, and a port: URIs allow more, of which `;` and `,` would divide a Content-Security-Policy. */
const HOST = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d+)?$/;

function webUriFault(uri: string, scheme: string, authority: string | undefined): string | undefined {
  if (!authority) return 'must name a host';
  if (!HOST.test(authority))
    return 'must name a host by letters, digits, dots and hyphens, or by its address';
  // As it is spelled, not as a parser would read `127.1`: a match later compares text.
  if (scheme === 'http' && !/^(127\.0\.0\.1|\[::1\])(:\d+)?$/.test(authority)) {
    return 'must be https, or http on 127.0.0.1 or [::1]';
  }
  return reservedParameterFault(uri);
}

/** What the answer will carry must not be there already (RFC 6749 §4.1.2). */
function reservedParameterFault(uri: string): string | undefined {
  const { searchParams } = new URL(uri);
  const reserved = ['code', 'state', 'error', 'error_description', 'error_uri', 'iss', 'response'];
  const held = reserved.find((name) => searchParams.has(name));
  return held && `must not hold a ${held} parameter`;
}

/** RFC 8252 §7.3: loopback by IP, with or without a port. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?=[/?]|$)/;

/**
 * Whether a presented redirect URI is a registered one: the exact string (RFC 9700 §4.1.3), but for
 * the port of a loopback URI (RFC 8252 §7.3).
 */
export function redirectUriMatches(registered: string, presented: string): boolean {
  if (registered === presented) return true;
  return (
    LOOPBACK.test(registered) &&
    LOOPBACK.test(presented) &&
    // A port beyond 65535 is none.
    URL.canParse(presented) &&
    withoutPort(registered) === withoutPort(presented)
  );
}

function withoutPort(loopbackUri: string): string {
  return loopbackUri.replace(LOOPBACK, 'http://$1');
}

/** A redirect URI with an answer's parameters (RFC 6749 §4.1.2); its own query stays as it is spelled. */
export function redirectUriWith(
  redirectUri: string,
  parameters: Record<string, string | null | undefined>,
): string {
  const present = Object.entries(parameters).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const query = new URLSearchParams(present).toString();
  const separator = !redirectUri.includes('?') ? '?' : /[?&]$/.test(redirectUri) ? '' : '&';
  return redirectUri + separator + query;
}
