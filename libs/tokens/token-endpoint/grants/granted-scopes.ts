import { OAuthError, parseScope } from '#oauth-protocol';

/**
 * RFC 6749 §3.3: what was asked for, where the client has it; all of the client's where nothing was.
 * @throws OAuthError `invalid_scope`
 */
export function grantedScopes(requested: string | undefined, client: { scopes: string[] }): string[] {
  const scopes = parseScope(requested ?? '');
  if (!scopes)
    throw new OAuthError('invalid_scope', 'scope holds a character that RFC 6749 §3.3 does not allow.');
  const beyond = scopes.filter((scope) => !client.scopes.includes(scope));
  if (beyond.length > 0)
    throw new OAuthError('invalid_scope', `The client does not have: ${printable(beyond)}.`);
  const granted = scopes.length > 0 ? scopes : client.scopes;
  if (granted.length === 0) throw new OAuthError('invalid_scope', 'The client has no scopes.');
  return granted;
}

function printable(scopes: string[]): string {
  return scopes.join(', ').slice(0, 200);
}
