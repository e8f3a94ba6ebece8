import { createHash, timingSafeEqual } from 'node:crypto';

/** RFC 7636 §4.2: S256 makes 43 characters of base64url. The one method here: RFC 9700 §2.1.1. */
export const CODE_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** RFC 7636 §4.1: 43 to 128 unreserved characters. */
export const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** RFC 7636 §4.6: whether the verifier is the one that the challenge was made of. */
export function verifiesChallenge(codeVerifier: string, codeChallenge: string): boolean {
  if (!CODE_VERIFIER.test(codeVerifier)) return false;
  const presented = createHash('sha256').update(codeVerifier).digest('base64url');
  return (
    presented.length === codeChallenge.length &&
    timingSafeEqual(Buffer.from(presented), Buffer.from(codeChallenge))
  );
}
