import { BUILT_IN_SCOPES, isAdminScope, Permissions, READ_SCOPES } from './scopes.js';

/** What people sign in with: no spaces, nothing that looks like something else. */
export const USERNAME = /^[A-Za-z0-9._@+-]{1,64}$/;

/** Characters of a password. No rule of composition: length is what counts (NIST SP 800-63B §3.1.1). */
export const MIN_PASSWORD = 12;
export const MAX_PASSWORD = 256;

/** What people are, from the least to the most. */
export const ROLES = ['user', 'auditor', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

const ADMIN = new Permissions([
  'clients:read',
  'clients:write',
  'tokens:read',
  'tokens:write',
  'scopes:read',
  'scopes:write',
  'audit:read',
]);

export function isAbove(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) > ROLES.indexOf(other);
}

/**
 * Whether a person of this role may hand a scope to an application (contract, section 4): the owner
 * all; the admin clients, tokens, scopes and the audit log, and what a user has; the auditor what
 * only reads; the user the read scopes and custom ones.
 */
export function roleAllows(role: Role, scope: string): boolean {
  switch (role) {
    case 'owner':
      return true;
    case 'admin':
      return isAdminScope(scope) ? ADMIN.includes(scope) : isUsers(scope);
    case 'auditor':
      return isAdminScope(scope) ? scope.endsWith(':read') : isReadScope(scope);
    case 'user':
      return isUsers(scope);
  }
}

/** The built-in scopes that a role allows, e.g. for a page that tells a person what he may do. */
export function builtInScopesOf(role: Role): string[] {
  return Object.keys(BUILT_IN_SCOPES).filter((scope) => roleAllows(role, scope));
}

function isUsers(scope: string): boolean {
  return isReadScope(scope) || !Object.hasOwn(BUILT_IN_SCOPES, scope);
}

function isReadScope(scope: string): boolean {
  return Object.hasOwn(READ_SCOPES, scope);
}
