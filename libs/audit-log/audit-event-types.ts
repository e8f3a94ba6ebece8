import type { RefusalDetails } from '#access-control';

/** A change by name: what is new, never what is secret. */
interface Changed {
  /** The fields that the change touched. */
  fields: string[];
}

/**
 * Every event by its name, with what its `detail` holds (contract, section 7). None holds a secret,
 * a token or a password.
 */
export interface AuditEventDetails extends RefusalDetails {
  'access_token.issued': { grant_type: string; scopes: string[]; expires_at: string; note?: string | null };
  'access_token.revoked': { reason: 'operator' | 'client_deleted' | 'all_of_client'; count?: number };
  'client.created': { name: string; scopes: string[] };
  'client.updated': Changed & { scopes?: string[]; active?: boolean };
  'client.deleted': { name: string; tokens_revoked: number };
  'client_secret.rotated': { secret_id: string; overlap: number };
  'client_secret.deleted': { secret_id: string };
  'scope.created': { name: string };
  'scope.updated': { name: string } & Changed;
  'scope.deleted': { name: string };
  'customer.created': { name: string };
  'inventory.imported': {
    resource: string;
    mode: 'upsert' | 'replace' | 'single' | 'delete';
    created: number;
    updated: number;
    unchanged: number;
    deleted: number;
    rejected: number;
  };
}

export type AuditEventType = keyof AuditEventDetails;

export const AUDIT_EVENT_TYPES = [
  'access_token.issued',
  'access_token.revoked',
  'access_token.expired_use',
  'access_token.revoked_use',
  'access_token.unknown_use',
  'access_token.scope_denied',
  'client.created',
  'client.updated',
  'client.deleted',
  'client_secret.rotated',
  'client_secret.deleted',
  'client_authentication.failed',
  'scope.created',
  'scope.updated',
  'scope.deleted',
  'customer.created',
  'inventory.imported',
] as const satisfies readonly AuditEventType[];

/** The events that record a refusal; their `outcome` is `failure`. */
const FAILURES = new Set<AuditEventType>([
  'access_token.expired_use',
  'access_token.revoked_use',
  'access_token.unknown_use',
  'access_token.scope_denied',
  'client_authentication.failed',
]);

export function outcomeOf(type: AuditEventType): 'success' | 'failure' {
  return FAILURES.has(type) ? 'failure' : 'success';
}
