import type { FormParameters } from '#http-api';
import { CODE_CHALLENGE, OAuthError } from '#oauth-protocol';
import type { AuthorizingClient } from '../authorizing-clients.port.js';

/** Public clients always (RFC 9700 §2.1.1), the others unless they were registered otherwise. */
export function requiresProofKey(client: AuthorizingClient): boolean {
  return client.requirePkce || client.tokenEndpointAuthMethod === 'none';
}

/**
 * RFC 7636 §4.3, S256 alone: a method that is left out means `plain`, which anybody on the way can answer.
 * @returns the challenge
 * @throws OAuthError `invalid_request`
 */
export function proofKeyOf(parameters: FormParameters, client: AuthorizingClient): string | null {
  // RFC 6749 §3.1: without a value they count as absent.
  const challenge = parameters.get('code_challenge') || undefined;
  const method = parameters.get('code_challenge_method') || undefined;
  if (challenge === undefined) {
    if (method !== undefined) throw invalid('code_challenge_method comes without a code_challenge.');
    if (requiresProofKey(client)) throw invalid('code_challenge is missing (RFC 7636).');
    return null;
  }
  if (method !== 'S256') throw invalid('code_challenge_method must be S256 (RFC 7636).');
  if (!CODE_CHALLENGE.test(challenge))
    throw invalid('code_challenge must be a SHA-256 digest in 43 characters of base64url (RFC 7636).');
  return challenge;
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
