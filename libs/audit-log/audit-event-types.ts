import type { RefusalDetails } from '#access-control';

/** A change by name: what is new, never what is secret. */
interface Changed {
  /** The fields that the change touched. */
  fields: string[];
}

interface InWords {
  /** What happened, for an operator. */
  message: string;
}

/** Why tokens were ended: by the API, by their own client (RFC 7009), or with what they stem from. */
export type RevocationReason =
  | 'operator'
  | 'client'
  | 'all_of_client'
  | 'client_deleted'
  | 'code_replayed'
  | 'refresh_token_replayed'
  | 'refresh_token_revoked'
  | 'consent_withdrawn'
  | 'person_deactivated'
  | 'person_deleted'
  | 'password_changed'
  | 'second_factor_enrolled'
  | 'second_factor_required'
  | 'second_factor_reset'
  | 'signed_out';

/** Why somebody could not sign in. He is told none of these apart. */
export type SignInFailure = 'unknown_person' | 'wrong_password' | 'person_inactive';

/** What somebody shows beside his password. */
export type SecondFactor = 'passkey' | 'totp' | 'recovery_code';

/** Why a second factor was refused. Who tries is told none of these apart. */
export type SecondFactorFailure =
  'wrong_code' | 'used_code' | 'too_many_codes' | 'wrong_passkey' | 'cloned_passkey' | 'person_changed';

/**
 * Every event by its name, with what its `detail` holds (contract, section 7). None holds a secret,
 * a token or a password.
 */
export interface AuditEventDetails extends RefusalDetails {
  'access_token.issued': {
    grant_type: string;
    scopes: string[];
    expires_at: string;
    note?: string | null;
    /** The person whom it speaks for, by his username. */
    operator?: string;
  };
  'access_token.revoked': { reason: RevocationReason; count?: number; operator?: string };
  'client.created': { name: string; scopes: string[] };
  'client.updated': Changed & { scopes?: string[]; active?: boolean };
  'client.deleted': { name: string; tokens_revoked: number };
  'client_secret.rotated': { secret_id: string; overlap: number };
  'client_secret.deleted': { secret_id: string };
  'credential.revealed': {
    credential: 'client_secret' | 'access_token' | 'authorization_code';
    secret_id?: string;
  };
  'authorization_code.issued': { scopes: string[]; redirect_uri: string };
  'authorization_code.redeemed': { scopes: string[] };
  'authorization_code.replayed': InWords & { tokens_revoked: number };
  'refresh_token.rotated': { scopes: string[] };
  'refresh_token.replayed': InWords & { tokens_revoked: number };
  'operator.signed_in': { username: string; second_factor?: SecondFactor };
  'operator.sign_in_failed': InWords & { username: string; reason: SignInFailure };
  'operator.locked': InWords & { username: string; seconds: number };
  'operator.created': { username: string; role: string };
  'operator.updated': { username: string; role?: string; active?: boolean } & Changed;
  'operator.deleted': { username: string; tokens_revoked: number };
  'second_factor.enrolled': { username: string; factor: 'passkey' | 'totp'; name?: string };
  'second_factor.removed': { username: string; factor: 'passkey' | 'totp' | 'all'; name?: string };
  'second_factor.verified': { username: string; factor: SecondFactor };
  'second_factor.failed': InWords & { username: string; reason: SecondFactorFailure };
  'second_factor.recovery_code_used': { username: string; left: number };
  'second_factor.recovery_codes_made': { username: string; count: number };
  'second_factor.policy_changed': { required_roles: string[]; people_signed_out: number };
  'scope.created': { name: string };
  'scope.updated': { name: string } & Changed;
  'scope.deleted': { name: string };
  'customer.created': { name: string };
  'customer.updated': Changed;
  'customer.deleted': { name: string };
  'inventory.imported': {
    resource: string;
    mode: 'upsert' | 'replace' | 'single' | 'delete';
    created: number;
    updated: number;
    unchanged: number;
    deleted: number;
    rejected: number;
  };
  'signing_key.rotated': { kid: string; alg: string; signs_from: string };
}

export type AuditEventType = keyof AuditEventDetails;

export const AUDIT_EVENT_TYPES = [
  'access_token.issued',
  'access_token.revoked',
  'access_token.expired_use',
  'access_token.revoked_use',
  'access_token.unknown_use',
  'access_token.proof_failed',
  'access_token.scope_denied',
  'client.created',
  'client.updated',
  'client.deleted',
  'client_secret.rotated',
  'client_secret.deleted',
  'client_authentication.failed',
  'credential.revealed',
  'authorization_code.issued',
  'authorization_code.redeemed',
  'authorization_code.replayed',
  'refresh_token.rotated',
  'refresh_token.replayed',
  'operator.signed_in',
  'operator.sign_in_failed',
  'operator.locked',
  'operator.created',
  'operator.updated',
  'operator.deleted',
  'second_factor.enrolled',
  'second_factor.removed',
  'second_factor.verified',
  'second_factor.failed',
  'second_factor.recovery_code_used',
  'second_factor.recovery_codes_made',
  'second_factor.policy_changed',
  'scope.created',
  'scope.updated',
  'scope.deleted',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'inventory.imported',
  'signing_key.rotated',
] as const satisfies readonly AuditEventType[];

/** The events that record a refusal; their `outcome` is `failure`. */
const FAILURES = new Set<AuditEventType>([
  'access_token.expired_use',
  'access_token.revoked_use',
  'access_token.unknown_use',
  'access_token.proof_failed',
  'access_token.scope_denied',
  'client_authentication.failed',
  'authorization_code.replayed',
  'refresh_token.replayed',
  'operator.sign_in_failed',
  'operator.locked',
  'second_factor.failed',
]);

/** An event's outcome is its type's. */
export function outcomeOf(type: AuditEventType): 'success' | 'failure' {
  return FAILURES.has(type) ? 'failure' : 'success';
}
