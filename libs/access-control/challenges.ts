import { Problem } from '#http-api';
import { OAuthError, SIGNATURE_ALGS } from '#oauth-protocol';
import type { TokenScheme } from './principal.js';

export const BASIC_CHALLENGE = 'Basic realm="Postern", charset="UTF-8"';

/** RFC 6750 §3.1: a request without credentials gets no error code in its challenge. */
export function noCredentials(wanted = 'an access token'): Problem {
  const detail = `This needs ${wanted} in the Authorization header.`;
  return new Problem(401, 'unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer' } });
}

/** RFC 9449 §7.1: what a proof may be signed by. */
const DPOP_ALGS = `algs="${SIGNATURE_ALGS.join(' ')}"`;

export function invalidToken(description: string, scheme: TokenScheme = 'bearer'): OAuthError {
  return new OAuthError('invalid_token', description, {
    headers: { 'www-authenticate': challenge(scheme, 'invalid_token', description) },
  });
}

/** RFC 9449 §7.2: a token that is bound to a key, sent without the proof. */
export function proofMissing(): OAuthError {
  const description = 'The access token is bound to a key, and needs a proof (DPoP)';
  return new OAuthError('invalid_token', description, {
    headers: {
      'www-authenticate': `${challenge('bearer', 'invalid_token', description)}, DPoP ${DPOP_ALGS}`,
    },
  });
}

/** RFC 9449 §7.1 and §9: at a protected resource 401, where the token endpoint says 400. */
export function proofRefused(code: 'invalid_dpop_proof' | 'use_dpop_nonce', description: string): Problem {
  return new Problem(401, code, description, {
    headers: { 'www-authenticate': challenge('dpop', code, description) },
  });
}

/** @param further attributes: `, name="value"` each */
export function challenge(scheme: TokenScheme, error: string, description: string, further = ''): string {
  const words = `error="${error}", error_description="${description}"${further}`;
  return scheme === 'dpop' ? `DPoP ${words}, ${DPOP_ALGS}` : `Bearer ${words}`;
}

/** RFC 6750 §3.1: a header that is no Bearer token, or a token in more than one place. */
export function malformedToken(description: string, scheme: TokenScheme = 'bearer'): OAuthError {
  return new OAuthError('invalid_request', description, {
    headers: { 'www-authenticate': challenge(scheme, 'invalid_request', description) },
  });
}

export function insufficientScope(scope: string, scheme: TokenScheme): OAuthError {
  const description = `This needs the scope ${scope}.`;
  return new OAuthError('insufficient_scope', description, {
    headers: {
      'www-authenticate': challenge(scheme, 'insufficient_scope', description, `, scope="${scope}"`),
    },
  });
}

/**
 * One answer for every way in which client authentication fails.
 * @param description what is wrong, for who has shown that he holds the client's key
 */
export function invalidClient(description = 'Client authentication failed.'): OAuthError {
  return new OAuthError('invalid_client', description, {
    headers: { 'www-authenticate': BASIC_CHALLENGE },
  });
}

/** More requests than POSTERN_RATE_LIMIT_REQUESTS allows a minute. */
export function tooManyRequests(seconds: number): Problem {
  const detail = `Too many requests this minute. Try again in ${seconds} seconds.`;
  return new Problem(429, 'temporarily_unavailable', detail, { headers: { 'retry-after': String(seconds) } });
}

/** Too many have failed to be this client or person, or anybody, from this address. */
export function tooManyFailures(seconds: number): Problem {
  const detail = `Too many attempts have failed. Try again in ${seconds} seconds.`;
  return new Problem(429, 'temporarily_unavailable', detail, { headers: { 'retry-after': String(seconds) } });
}
