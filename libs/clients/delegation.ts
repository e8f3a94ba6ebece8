import { LackingScopes, type Principal } from '#access-control';

/**
 * Nobody gets more than they have: an admin scope can be given only by a caller who has it.
 * Read scopes and custom ones are anybody's to give who may write clients.
 * @throws LackingScopes 403 that names the scopes
 */
export function requireMayGive(caller: Principal, scopes: readonly string[]): void {
  const missing = caller.permissions.missingAdminScopes(scopes);
  if (missing.length > 0) throw new LackingScopes('You cannot give what you do not have', missing);
}

/**
 * A client that holds an admin scope which the caller lacks cannot be changed, deleted, rotated,
 * revealed or given tokens by him.
 * @throws LackingScopes 403 that names the scopes
 */
export function requireMayManage(caller: Principal, client: { scopes: readonly string[] }): void {
  const missing = caller.permissions.missingAdminScopes(client.scopes);
  if (missing.length > 0) throw new LackingScopes('This client holds scopes that you do not have', missing);
}
