import { givenScopes, OAuthError, parseScope } from '#oauth-protocol';
import type { LockedGrant } from '../../authorization-grants/authorization-grants.js';

/**
 * RFC 6749 §3.3: what was asked for, where the client has it; all of the client's where nothing was.
 * @throws OAuthError `invalid_scope`
 */
export function grantedScopes(requested: string | undefined, client: { scopes: string[] }): string[] {
  const granted = requestedScopes(requested, client.scopes, 'The client does not have');
  if (granted.length === 0) throw new OAuthError('invalid_scope', 'The client has no scopes.');
  return granted;
}

/**
 * RFC 6749 §6: the scopes asked for "MUST NOT include any scope not originally granted"; all of them
 * where nothing was asked for.
 * @throws OAuthError `invalid_scope`
 */
export function narrowedScopes(requested: string | undefined, granted: string[]): string[] {
  return requestedScopes(requested, granted, 'The refresh token does not hold');
}

/**
 * Those of a grant's scopes that can still be given: which the client has not lost, and which the
 * person may still give.
 */
export function scopesStillGiven(
  scopes: string[],
  client: { scopes: string[] },
  { grant, person }: LockedGrant,
): string[] {
  return givenScopes(scopes, client, person, grant.customerId);
}

function requestedScopes(requested: string | undefined, all: string[], lacking: string): string[] {
  const scopes = parseScope(requested ?? '');
  if (!scopes)
    throw new OAuthError('invalid_scope', 'scope holds a character that RFC 6749 §3.3 does not allow.');
  const beyond = scopes.filter((scope) => !all.includes(scope));
  if (beyond.length > 0) throw new OAuthError('invalid_scope', `${lacking}: ${printable(beyond)}.`);
  return scopes.length > 0 ? scopes : all;
}

function printable(scopes: string[]): string {
  return scopes.join(', ').slice(0, 200);
}
