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

/** A person, as far as it decides what he may give. */
export interface GivingPerson {
  role: Role;
  customerId: string;
}

/** Whether a person may give what is a customer's: his own one's, or any one's where he sees them all. */
export function reachesCustomer(person: GivingPerson, customerId: string): boolean {
  return person.customerId === customerId || roleAllows(person.role, 'customers:read');
}

/**
 * Of some scopes over a customer's rows, those that the client has and that the person may give it:
 * the one rule for what he is asked, for what is issued, and for what a token may do later.
 */
export function givenScopes(
  scopes: readonly string[],
  client: { scopes: readonly string[] },
  person: GivingPerson,
  customerId: string,
): string[] {
  if (!reachesCustomer(person, customerId)) return [];
  return scopes.filter((scope) => client.scopes.includes(scope) && roleAllows(person.role, scope));
}

/** The built-in scopes that a role allows: what somebody must have himself who makes a person of it. */
export function builtInScopesOf(role: Role): string[] {
  return Object.keys(BUILT_IN_SCOPES).filter((scope) => roleAllows(role, scope));
}

function isUsers(scope: string): boolean {
  return isReadScope(scope) || !Object.hasOwn(BUILT_IN_SCOPES, scope);
}

function isReadScope(scope: string): boolean {
  return Object.hasOwn(READ_SCOPES, scope);
}
