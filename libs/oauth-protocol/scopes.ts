/** RFC 6749 §3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`. */
export const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** RFC 6749 §3.3, with extra spaces forgiven. @returns undefined where a character is not allowed */
export function parseScope(text: string): string[] | undefined {
  const scopes = text.split(' ').filter((scope) => scope !== '');
  return scopes.every((scope) => SCOPE_TOKEN.test(scope)) ? [...new Set(scopes)] : undefined;
}

export const READ_SCOPES = {
  'users:read': 'Read the people that the PAM platform knows.',
  'user-groups:read': 'Read groups of users.',
  'devices:read': 'Read the devices that are managed.',
  'device-groups:read': 'Read groups of devices.',
  'accounts:read': 'Read the accounts on devices and in directories, never their secrets.',
  'profiles:read': 'Read which users reach which devices and accounts.',
  'tasks:read': 'Read the tasks that run on devices.',
  'sessions:read': 'Read who was connected where, and when.',
  'approvals:read': 'Read requests for access and what became of them.',
} as const;

export const ADMIN_SCOPES = {
  'clients:read': 'See API applications.',
  'clients:write': 'Register, change and delete API applications, and rotate their secrets.',
  'tokens:read': 'See access tokens and how they are used.',
  'tokens:write': 'Hand out and revoke access tokens.',
  'tokens:introspect': 'Ask about a token that one was shown (RFC 7662).',
  'credentials:reveal': 'Look at a secret or token again, where the vault is on.',
  'scopes:read': 'See the catalogue of scopes.',
  'scopes:write': 'Add scopes to the catalogue and change them.',
  'audit:read': 'Read the audit log.',
  'operators:read': 'See the people who operate Postern.',
  'operators:write': 'Add, change and remove the people who operate Postern.',
  'customers:read': 'See all customers and everything that is theirs.',
  'customers:write': 'Add and change customers and everything that is theirs.',
  'inventory:write': 'Bring PAM data in.',
  'metrics:read': 'Read the metrics.',
  onegini_api_admin: 'Admin API: stands for clients:read and clients:write.',
  onegini_api_token_introspection: 'Token introspection API: stands for tokens:introspect.',
} as const;

/** Scopes that a connected system gives a meaning of its own. */
export const VENDOR_SCOPES = {
  onegini_api_config: 'Configuration API.',
  onegini_api_end_user: 'End user API.',
  onegini_api_events: 'Events API.',
  onegini_api_insights: 'Insights API.',
  onegini_api_mobile_authentication: 'Mobile authentication API.',
  onegini_api_payload_encryption_policy: 'Payload encryption policy API.',
  onegini_api_two_way_otp: 'Two-way OTP API.',
  onegini_api_user_registration: 'User registration API.',
} as const;

export const BUILT_IN_SCOPES: Record<string, string> = { ...READ_SCOPES, ...ADMIN_SCOPES, ...VENDOR_SCOPES };

/** What a scope stands for. A Map, as a custom scope may be called `constructor`. */
const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ['onegini_api_admin', ['clients:read', 'clients:write']],
  ['onegini_api_token_introspection', ['tokens:introspect']],
]);

export function isAdminScope(scope: string): boolean {
  return Object.hasOwn(ADMIN_SCOPES, scope);
}

/**
 * What someone may do: his scopes, and what those stand for.
 */
export class Permissions {
  private static readonly known = new WeakMap<readonly string[], Permissions>();

  /** Those of a list that does not change any more. */
  static of(scopes: readonly string[]): Permissions {
    const permissions = Permissions.known.get(scopes) ?? new Permissions(scopes);
    Permissions.known.set(scopes, permissions);
    return permissions;
  }

  private readonly granted: ReadonlySet<string>;

  constructor(readonly scopes: readonly string[]) {
    this.granted = new Set(scopes.flatMap((scope) => [scope, ...(ALIASES.get(scope) ?? [])]));
  }

  /** Whether a scope, or all that it stands for, is here. */
  includes(scope: string): boolean {
    return (
      this.granted.has(scope) || (ALIASES.get(scope)?.every((meant) => this.granted.has(meant)) ?? false)
    );
  }

  /** The admin scopes among `scopes` that are not here: what this one cannot give. */
  missingAdminScopes(scopes: readonly string[]): string[] {
    return scopes.filter((scope) => isAdminScope(scope) && !this.includes(scope));
  }
}
