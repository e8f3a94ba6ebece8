import type { Actor } from './principal.js';
import type { RequestOrigin } from './request-origin.js';

/** Why a client could not prove who it is. The caller is told none of these apart. */
export type AuthenticationFailure =
  | 'unknown_client'
  | 'wrong_secret'
  | 'client_inactive'
  | 'client_not_yet_valid'
  | 'client_no_longer_valid'
  | 'address_not_allowed'
  | 'method_not_registered'
  | 'wrong_customer'
  | 'no_credentials'
  | 'malformed_credentials'
  | 'client_id_mismatch'
  | 'page_not_allowed'
  | 'assertion_not_signed'
  | 'assertion_not_in_order'
  | 'assertion_used_before'
  | 'too_many_failures';

/** Why a token that was once good is refused, other than for its expiry. */
export type RevokedUse =
  | 'token_revoked'
  | 'client_deleted'
  | 'operator_inactive'
  | 'client_inactive'
  | 'client_not_yet_valid'
  | 'client_no_longer_valid'
  | 'address_not_allowed'
  | 'other_resource';

/** Why a token that is bound to a key is refused, or a proof that came with one that is not. */
export type ProofFailure = 'proof_missing' | 'proof_invalid' | 'other_key' | 'token_not_bound';

interface InWords {
  /** What happened, for an operator. */
  message: string;
  /** How many refusals it stands for, where they are not on record one by one. */
  count?: number;
}

/** The refusals that the guards put on record, each with what its event says beyond who and where. */
export interface RefusalDetails {
  'access_token.expired_use': InWords & { expired_at: string };
  'access_token.revoked_use': InWords & { reason: RevokedUse; revoked_at?: string };
  'access_token.unknown_use': InWords;
  'access_token.proof_failed': InWords & { reason: ProofFailure };
  'access_token.scope_denied': InWords & { required: string; held: readonly string[] };
  'client_authentication.failed': InWords & { reason: AuthenticationFailure };
}

export interface Refusal<Type extends keyof RefusalDetails = keyof RefusalDetails> {
  type: Type;
  actor: Actor;
  origin: RequestOrigin;
  client_id?: string | null;
  token_id?: string | null;
  customer_id: string | null;
  detail: RefusalDetails[Type];
}

/** Port: where refusals go. What was recorded is durable when the promise resolves. */
export abstract class RefusalRecorder {
  abstract recordRefusal<Type extends keyof RefusalDetails>(refusal: Refusal<Type>): Promise<void>;
}
