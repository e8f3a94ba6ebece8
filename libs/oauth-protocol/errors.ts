/**
 * RFC 6749 §5.2 and §4.1.2.1, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 8707 §2, RFC 9449 §5 and §8, and what
 * OpenID Connect Core §3.1.2.6 adds for an authorization endpoint: each code with its HTTP status, where
 * it is not a redirect.
 */
export const OAUTH_ERRORS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  unsupported_token_type: 400,
  invalid_scope: 400,
  access_denied: 403,
  invalid_token: 401,
  insufficient_scope: 403,
  invalid_target: 400,
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
  login_required: 400,
  consent_required: 400,
  request_not_supported: 400,
  request_uri_not_supported: 400,
  invalid_request_uri: 400,
  server_error: 500,
  temporarily_unavailable: 503,
} as const;

export type OAuthErrorCode = keyof typeof OAUTH_ERRORS;

interface OAuthErrorOptions {
  headers?: Record<string, string>;
  /** What an operator may know: goes to the log, never to the caller. */
  cause?: unknown;
}

/** A refusal in OAuth's own terms. */
export class OAuthError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  /** @param description `error_description`: what the caller may know */
  constructor(
    readonly code: OAuthErrorCode,
    readonly description: string,
    options: OAuthErrorOptions = {},
  ) {
    super(description, { cause: options.cause });
    this.status = OAUTH_ERRORS[code];
    this.headers = options.headers ?? {};
  }
}
