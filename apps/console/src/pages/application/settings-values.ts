import type { components } from '../../api/schema';
import { durationText } from '../../ui/time-text';
import type { AssuranceValues } from './assurance/assurance-values';
import { AUTH_METHODS } from './assurance/authentication';
import { jwksText, keyName, sentJwks } from './assurance/jwks';
import type { Client } from './use-application';

type Changes = components['schemas']['UpdateClientDto'];

/** Every setting that the page changes, by the API's names; lists of lines are one text while they are typed. */
export const SETTINGS = {
  name: 'Name',
  notes: 'Notes',
  active: 'Active',
  scopes: 'Scopes',
  grant_types: 'Grant types',
  token_endpoint_auth_method: 'How it authenticates',
  jwks: 'Public keys',
  redirect_uris: 'Redirect URIs',
  require_pkce: 'PKCE',
  profile: 'Profile',
  require_par: 'Pushed requests',
  dpop_bound_access_tokens: 'Tokens bound to a key',
  resources: 'Resources',
  access_token_format: 'Format of access tokens',
  access_token_signing_alg: 'Signature',
  access_token_ttl: 'Access tokens live',
  refresh_token_ttl: 'Refresh tokens live',
  valid_from: 'Valid from',
  valid_until: 'Valid until',
  allowed_cidrs: 'Allowed addresses',
  public_base_uri: 'Public base URI',
} as const;

export type Setting = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as Setting[];

/** As the form holds them. */
export interface SettingsValues extends Record<string, unknown>, AssuranceValues {
  name: string;
  notes: string;
  active: boolean;
  scopes: string[];
  grant_types: string[];
  redirect_uris: string;
  access_token_format: string;
  access_token_signing_alg: string;
  access_token_ttl: number | undefined;
  refresh_token_ttl: number | undefined;
  valid_from: string | null;
  valid_until: string | null;
  allowed_cidrs: string;
  public_base_uri: string;
}

export function valuesOf(client: Client): SettingsValues {
  return {
    name: client.name,
    notes: client.notes,
    active: client.active,
    scopes: client.scopes,
    grant_types: client.grant_types,
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    jwks: jwksText(client.jwks),
    redirect_uris: client.redirect_uris.join('\n'),
    require_pkce: client.require_pkce,
    profile: client.profile,
    require_par: client.require_par,
    dpop_bound_access_tokens: client.dpop_bound_access_tokens,
    resources: client.resources.join('\n'),
    access_token_format: client.access_token_format,
    access_token_signing_alg: client.access_token_signing_alg,
    access_token_ttl: client.access_token_ttl,
    refresh_token_ttl: client.refresh_token_ttl,
    valid_from: client.valid_from,
    valid_until: client.valid_until,
    allowed_cidrs: client.allowed_cidrs.join('\n'),
    public_base_uri: client.public_base_uri ?? '',
  };
}

/** The settings in which two versions differ. */
export function differences(one: SettingsValues, other: SettingsValues): Setting[] {
  return SETTING_NAMES.filter((name) => !isSame(sent(one, name), sent(other, name)));
}

/** What the API is told: those settings alone. */
export function changesOf(values: SettingsValues, names: readonly Setting[]): Changes {
  return Object.fromEntries(names.map((name) => [name, sent(values, name)])) as Changes;
}

/** A setting in words. */
export function settingText(values: SettingsValues, name: Setting): string {
  const value = sent(values, name);
  if (name === 'active') return value ? 'yes' : 'no';
  if (name === 'require_pkce' || name === 'require_par') return value ? 'required' : 'not required';
  if (name === 'dpop_bound_access_tokens') return value ? 'all of them' : 'those that it brings a proof for';
  if (name === 'profile') return value === 'fapi2' ? 'FAPI 2.0 Security Profile' : 'none';
  if (name === 'jwks') return keysText(values.jwks);
  if (name === 'access_token_ttl' || name === 'refresh_token_ttl') return durationText(value as number);
  if (name === 'token_endpoint_auth_method')
    return AUTH_METHODS.find((one) => one.value === value)?.label ?? String(value);
  if (name === 'valid_from' || name === 'valid_until')
    return value === null ? 'no limit' : new Date(value as string).toLocaleString();
  if (Array.isArray(value)) return value.join(', ') || (name === 'allowed_cidrs' ? 'any' : 'none');
  return String(value ?? '') || 'none';
}

function keysText(text: string): string {
  const jwks = sentJwks(text);
  if (jwks === null) return 'none';
  return typeof jwks === 'string' ? 'what cannot be read' : jwks.keys.map(keyName).join(', ');
}

function sent(values: SettingsValues, name: Setting): unknown {
  switch (name) {
    case 'redirect_uris':
    case 'allowed_cidrs':
    case 'resources':
      return linesOf(values[name]);
    case 'jwks':
      return sentJwks(values.jwks);
    case 'public_base_uri':
      return values[name].trim() || null;
    default:
      return values[name];
  }
}

export function linesOf(text: string): string[] {
  return text.split(/\s+/).filter((line) => line !== '');
}

/** Scopes and grant types are sets: their order says nothing. */
function isSame(one: unknown, other: unknown): boolean {
  const plain = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
  return plain(one) === plain(other);
}
