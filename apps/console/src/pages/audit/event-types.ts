import type { components } from '../../api/schema';

export type AuditEvent = components['schemas']['AuditEventDto'];
export type AuditEventType = AuditEvent['type'];

/** What happened, in words. */
export const TYPE_LABELS: Record<AuditEventType, string> = {
  'access_token.issued': 'Token issued',
  'access_token.revoked': 'Token revoked',
  'access_token.expired_use': 'Expired token used',
  'access_token.revoked_use': 'Revoked token used',
  'access_token.unknown_use': 'Unknown token used',
  'access_token.proof_failed': 'Token without its proof',
  'access_token.scope_denied': 'Scope missing',
  'client.created': 'Application created',
  'client.updated': 'Application changed',
  'client.deleted': 'Application deleted',
  'client_secret.rotated': 'Secret rotated',
  'client_secret.deleted': 'Secret deleted',
  'client_authentication.failed': 'Application not recognised',
  'credential.revealed': 'Credential revealed',
  'authorization_code.issued': 'Code issued',
  'authorization_code.redeemed': 'Code redeemed',
  'authorization_code.replayed': 'Code replayed',
  'refresh_token.rotated': 'Refresh token rotated',
  'refresh_token.replayed': 'Refresh token replayed',
  'operator.signed_in': 'Signed in',
  'operator.sign_in_failed': 'Sign-in failed',
  'operator.locked': 'Sign-in held off',
  'operator.created': 'Operator created',
  'operator.updated': 'Operator changed',
  'operator.deleted': 'Operator deleted',
  'second_factor.enrolled': 'Second factor enrolled',
  'second_factor.removed': 'Second factor removed',
  'second_factor.verified': 'Second factor shown',
  'second_factor.failed': 'Second factor refused',
  'second_factor.recovery_code_used': 'Recovery code used',
  'second_factor.recovery_codes_made': 'Recovery codes made',
  'second_factor.policy_changed': 'Second factor policy changed',
  'scope.created': 'Scope created',
  'scope.updated': 'Scope changed',
  'scope.deleted': 'Scope deleted',
  'customer.created': 'Customer created',
  'customer.updated': 'Customer changed',
  'customer.deleted': 'Customer deleted',
  'inventory.imported': 'PAM data imported',
  'signing_key.rotated': 'Signing key rotated',
};

export const TYPE_CHOICES = Object.entries(TYPE_LABELS).map(([value, label]) => ({ value, label }));

const shades = (color: string) =>
  `light-dark(var(--mantine-color-${color}-8), var(--mantine-color-${color}-5))`;

/** The refusals, with the colour that each has in a picture. */
export const REFUSAL_COLORS: Partial<Record<AuditEventType, string>> = {
  'access_token.expired_use': shades('orange'),
  'client_authentication.failed': shades('red'),
  'access_token.revoked_use': shades('grape'),
  'access_token.unknown_use': shades('indigo'),
  'access_token.scope_denied': shades('cyan'),
  'operator.sign_in_failed': shades('teal'),
  'operator.locked': shades('gray'),
  'authorization_code.replayed': shades('pink'),
  'refresh_token.replayed': shades('lime'),
  'second_factor.failed': shades('yellow'),
};

/** One that this console does not know yet has its own name. */
export function typeLabel(type: string): string {
  return TYPE_LABELS[type as AuditEventType] ?? type;
}

/** What an event says for itself, in one line. */
export function summaryOf({ detail, method, path }: AuditEvent): string {
  const { message } = detail as { message?: unknown };
  if (typeof message === 'string') return message;
  const parts = Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${wordsOf(value)}`);
  return parts.length > 0 ? parts.join(', ') : `${method ?? ''} ${path ?? ''}`.trim();
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
