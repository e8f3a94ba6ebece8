import type { Actor, RequestOrigin } from '#access-control';
import type { AuditEventDetails, AuditEventType } from './audit-event-types.js';

/** An event as a feature hands it in; time, id and outcome are added by the log. */
export interface NewAuditEvent<Type extends AuditEventType = AuditEventType> {
  type: Type;
  actor: Actor;
  origin: RequestOrigin;
  client_id?: string | null;
  token_id?: string | null;
  customer_id: string | null;
  detail: AuditEventDetails[Type];
}

/** An event as a row of `audit_events`, by its columns. */
export interface AuditEventRow extends RequestOrigin {
  id: string;
  at: Date;
  type: AuditEventType;
  outcome: 'success' | 'failure';
  actor_kind: Actor['kind'];
  actor_id: string | null;
  client_id: string | null;
  token_id: string | null;
  customer_id: string | null;
  detail: object;
}
