/** RFC 7591 §2 and the contract: what a client may be registered for. */
export const GRANT_TYPES = ['client_credentials', 'authorization_code', 'refresh_token'] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

export const TOKEN_ENDPOINT_AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const;
export type TokenEndpointAuthMethod = (typeof TOKEN_ENDPOINT_AUTH_METHODS)[number];

/** Whether a client proves who it is by a secret that both sides know. */
export function hasSecret(method: TokenEndpointAuthMethod): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

/** What a client may be held to as a whole: the FAPI 2.0 Security Profile. */
export const CLIENT_PROFILES = ['fapi2'] as const;
export type ClientProfile = (typeof CLIENT_PROFILES)[number];

export const ACCESS_TOKEN_FORMATS = ['opaque', 'jwt'] as const;
export type AccessTokenFormat = (typeof ACCESS_TOKEN_FORMATS)[number];

/** How JWT access tokens are signed (RFC 7518 §3.1, RFC 8037 §3.1). */
export const ACCESS_TOKEN_SIGNING_ALGS = ['ES256', 'EdDSA'] as const;
export type AccessTokenSigningAlg = (typeof ACCESS_TOKEN_SIGNING_ALGS)[number];

export const CLIENT_ID = /^[A-Za-z0-9._~-]{1,128}$/;

/** What names a customer, in paths too: no dot segment (RFC 3986 §3.3), which no client sends as it is. */
export const CUSTOMER_ID = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;

/** RFC 6749 appendix A.2: printable ASCII, of a length that is worth anything. */
export const SUPPLIED_CLIENT_SECRET = /^[\x20-\x7e]{16,256}$/;
