import { Problem } from '#http-api';
import { OAuthError } from '#oauth-protocol';

export const BASIC_CHALLENGE = 'Basic realm="Postern", charset="UTF-8"';

/** RFC 6750 §3.1: a request without credentials gets no error code in its challenge. */
export function noCredentials(wanted = 'an access token'): Problem {
  const detail = `This needs ${wanted} in the Authorization header.`;
  return new Problem(401, 'unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer' } });
}

export function invalidToken(description: string): OAuthError {
  return new OAuthError('invalid_token', description, {
    headers: { 'www-authenticate': `Bearer error="invalid_token", error_description="${description}"` },
  });
}

/** RFC 6750 §3.1: a header that is no Bearer token, or a token in more than one place. */
export function malformedToken(description: string): OAuthError {
  return new OAuthError('invalid_request', description, {
    headers: { 'www-authenticate': `Bearer error="invalid_request", error_description="${description}"` },
  });
}

export function insufficientScope(scope: string): OAuthError {
  return new OAuthError('insufficient_scope', `This needs the scope ${scope}.`, {
    headers: {
      'www-authenticate': `Bearer error="insufficient_scope", error_description="This needs the scope ${scope}.", scope="${scope}"`,
    },
  });
}

/** One answer for every way in which client authentication fails. */
export function invalidClient(): OAuthError {
  return new OAuthError('invalid_client', 'Client authentication failed.', {
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
