/** RFC 7591 §2 and the contract: what a client may be registered for. */
export const GRANT_TYPES = ['client_credentials', 'authorization_code', 'refresh_token'] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

export const TOKEN_ENDPOINT_AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'none'] as const;
export type TokenEndpointAuthMethod = (typeof TOKEN_ENDPOINT_AUTH_METHODS)[number];

export const ACCESS_TOKEN_FORMATS = ['opaque'] as const;
export type AccessTokenFormat = (typeof ACCESS_TOKEN_FORMATS)[number];

export const CLIENT_ID = /^[A-Za-z0-9._~-]{1,128}$/;

/** RFC 6749 appendix A.2: printable ASCII, of a length that is worth anything. */
export const SUPPLIED_CLIENT_SECRET = /^[\x20-\x7e]{16,256}$/;

/**
 * What is wrong with a redirect URI, or undefined. RFC 9700 §4.1: exact strings, https, loopback
 * by IP, or a private-use scheme with a dot (RFC 8252 §7.1) for public clients.
 */
export function redirectUriFault(uri: string, publicClient: boolean): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(uri) || /[\\"<>^`{|}]/.test(uri)) return 'must be a URI of printable ASCII';
  if (uri.includes('#')) return 'must not have a fragment';
  if (uri.includes('*')) return 'must not hold a wildcard';
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(uri)?.[1]?.toLowerCase();
  if (!scheme || !URL.canParse(uri)) return 'must be an absolute URI';
  if (scheme === 'https' || scheme === 'http') return webUriFault(uri, scheme);
  if (!scheme.includes('.')) return 'must be https, or a private-use scheme with a dot (RFC 8252)';
  if (!publicClient) return 'may have a private-use scheme for public clients only';
  return undefined;
}

function webUriFault(uri: string, scheme: string): string | undefined {
  const authority = /^[^:]+:\/\/([^/?]*)/.exec(uri)?.[1];
  if (authority === undefined || authority === '') return 'must name a host';
  if (authority.includes('@')) return 'must not hold user information';
  const { searchParams } = new URL(uri);
  for (const reserved of ['code', 'state', 'error', 'iss', 'response']) {
    if (searchParams.has(reserved)) return `must not hold a ${reserved} parameter`;
  }
  // As it is spelled, not as a parser would read `127.1`: a match later compares text.
  if (scheme === 'http' && !/^(127\.0\.0\.1|\[::1\])(:\d+)?$/.test(authority)) {
    return 'must be https, or http on 127.0.0.1 or [::1]';
  }
  return undefined;
}
