import { PAM_NAMES } from '../app/pages';
import type { Scope } from '../api/scope-catalogue';

export interface ScopeGroup {
  title: string;
  scopes: Scope[];
}

const READ_SCOPES: ReadonlySet<string> = new Set(PAM_NAMES.map((name) => `${name}:read`));

/** Admin scopes of a connected system, and what they stand for; its others are nobody's to guard. */
const STAND_FOR: Record<string, readonly string[]> = {
  onegini_api_admin: ['clients:read', 'clients:write'],
  onegini_api_token_introspection: ['tokens:introspect'],
};

/** In the order in which most are wanted. Groups without a scope are left out. */
export function groupsOf(scopes: readonly Scope[]): ScopeGroup[] {
  const titles = ['PAM data', 'Your own', 'Administration', 'Connected systems'] as const;
  return titles
    .map((title) => ({ title, scopes: scopes.filter((scope) => groupOf(scope) === title) }))
    .filter((group) => group.scopes.length > 0);
}

function groupOf({ name, built_in }: Scope) {
  if (!built_in) return 'Your own';
  if (READ_SCOPES.has(name)) return 'PAM data';
  return name.startsWith('onegini_api_') ? 'Connected systems' : 'Administration';
}

/** Nobody gives an admin scope that he lacks; all others are anybody's to give. */
export function mayGive(scope: Scope, can: (scope: string) => boolean): boolean {
  const standsFor = STAND_FOR[scope.name];
  if (standsFor) return can(scope.name) || standsFor.every(can);
  return groupOf(scope) !== 'Administration' || can(scope.name);
}
