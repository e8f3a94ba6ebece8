import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ADMIN_SCOPES, isAdminScope, parseScope, Permissions, READ_SCOPES, SCOPE_TOKEN } from './scopes.js';

describe('a scope parameter (RFC 6749 §3.3)', () => {
  it('is split at spaces, extra ones forgiven', () => {
    expect(parseScope('users:read devices:read')).toEqual(['users:read', 'devices:read']);
    expect(parseScope('  users:read   devices:read ')).toEqual(['users:read', 'devices:read']);
  });

  it('names each scope once', () => {
    expect(parseScope('a b a')).toEqual(['a', 'b']);
  });

  it('may name none', () => {
    expect(parseScope('')).toEqual([]);
  });

  it.each(['a\tb', 'a\nb', 'a"b', 'a\\b', 'ä', 'a\u0000', 'a\u007f'])('is refused as %j', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });

  it('is read back from any set of scope tokens', () => {
    const token = fc.string({ minLength: 1 }).filter((text) => SCOPE_TOKEN.test(text));
    fc.assert(
      fc.property(fc.uniqueArray(token), (scopes) => {
        expect(parseScope(scopes.join(' '))).toEqual(scopes);
      }),
    );
  });
});

describe('permissions', () => {
  it('include what was granted and nothing else', () => {
    const permissions = new Permissions(['users:read']);
    expect(permissions.includes('users:read')).toBe(true);
    expect(permissions.includes('users')).toBe(false);
    expect(permissions.includes('devices:read')).toBe(false);
  });

  it('include what a vendor scope stands for', () => {
    const permissions = new Permissions(['onegini_api_admin', 'onegini_api_token_introspection']);
    expect(permissions.includes('clients:read')).toBe(true);
    expect(permissions.includes('clients:write')).toBe(true);
    expect(permissions.includes('tokens:introspect')).toBe(true);
    expect(permissions.includes('tokens:write')).toBe(false);
  });

  it('include a vendor scope only with all that it stands for', () => {
    expect(new Permissions(['clients:read', 'clients:write']).includes('onegini_api_admin')).toBe(true);
    expect(new Permissions(['clients:write']).includes('onegini_api_admin')).toBe(false);
  });

  it('tell the admin scopes that they lack, and let read and custom scopes pass', () => {
    const permissions = new Permissions(['clients:write', 'tokens:write']);
    expect(
      permissions.missingAdminScopes([
        'users:read',
        'reports:run',
        'tokens:write',
        'audit:read',
        'onegini_api_admin',
      ]),
    ).toEqual(['audit:read', 'onegini_api_admin']);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'take a custom scope called %s for what it is',
    (scope) => {
      expect(new Permissions([scope]).includes(scope)).toBe(true);
      expect(new Permissions([]).includes(scope)).toBe(false);
      expect(isAdminScope(scope)).toBe(false);
    },
  );
});

describe('the catalogue', () => {
  it('has nine read scopes, and none of them is an admin scope', () => {
    expect(Object.keys(READ_SCOPES)).toHaveLength(9);
    expect(Object.keys(READ_SCOPES).filter(isAdminScope)).toEqual([]);
  });

  it('counts the two vendor scopes that open our own APIs among the admin scopes', () => {
    expect(Object.keys(ADMIN_SCOPES)).toHaveLength(17);
    expect(isAdminScope('onegini_api_admin')).toBe(true);
    expect(isAdminScope('onegini_api_token_introspection')).toBe(true);
    expect(isAdminScope('onegini_api_config')).toBe(false);
  });
});
