import { describe, expect, it } from '@jest/globals';
import { ADMIN_SCOPES, Permissions, ROLES, type Role } from '#oauth-protocol';
import { LackingRank, LackingScopes, requireRank } from './denials.js';
import type { Principal } from './principal.js';

function callerOf(role?: Role, scopes = Object.keys(ADMIN_SCOPES)): Principal {
  return {
    actor: { kind: role ? 'operator' : 'client', id: 'x' },
    customerId: '10001',
    clientId: 'x',
    permissions: new Permissions(scopes),
    operator: role && { id: 'x', role, firstParty: true },
  };
}

describe('rank', () => {
  it.each([
    ['user', ['user']],
    ['auditor', ['user', 'auditor']],
    ['admin', ['user', 'auditor', 'admin']],
    ['owner', ['user', 'auditor', 'admin', 'owner']],
    [undefined, ['user', 'auditor', 'admin']],
  ] as const)('of %s reaches %j', (role, reached) => {
    for (const other of ROLES) {
      const tried = () => requireRank(callerOf(role), other);
      if ((reached as readonly Role[]).includes(other)) expect(tried).not.toThrow();
      else expect(tried).toThrow(LackingRank);
    }
  });

  it('reaches nobody who could do more than the caller with what he came with', () => {
    expect(() => requireRank(callerOf(undefined, ['operators:write']), 'user')).not.toThrow();
    for (const role of ['auditor', 'admin'] as const)
      expect(() => requireRank(callerOf(undefined, ['operators:write']), role)).toThrow(LackingScopes);
    expect(() => requireRank(callerOf('owner', ['operators:write']), 'owner')).toThrow(LackingScopes);
  });
});
