import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The token that a form carries so that only a page of ours can have sent it: an HMAC of what the
 * form is for, under a secret that this browser, or this session, alone has. Nothing is stored.
 */
export function formToken(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('base64url');
}

export function isFormToken(presented: string | undefined, secret: string, purpose: string): boolean {
  const expected = Buffer.from(formToken(secret, purpose));
  const actual = Buffer.from(presented ?? '');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
