import type { AuditEventDto } from './audit-event.dto.js';
import type { AuditEventRow } from './audit-event.js';

type Place = Pick<AuditEventDto, 'writer' | 'sequence' | 'hash' | 'previous_hash'>;

/** A row of `AUDIT_EVENT_COLUMNS`. */
export type SelectedEvent = AuditEventRow & Place;

/** The one form in which events leave: by the API, and in a copy. */
export function presentEvent({ actor_kind, actor_id, ...row }: SelectedEvent): AuditEventDto {
  const { id, at, type, outcome, client_id, token_id, customer_id, ip, user_agent, request_id } = row;
  const { method, path, detail, writer, sequence, hash, previous_hash } = row;
  return {
    id,
    at,
    type,
    outcome,
    actor: { kind: actor_kind, id: actor_id },
    client_id,
    token_id,
    customer_id,
    ip,
    user_agent,
    request_id,
    method,
    path,
    detail,
    writer,
    sequence,
    hash,
    previous_hash,
  };
}
