import type { Caller } from '#access-control';
import type { NewAuditEvent } from '#audit-log';
import type { WritableResource } from './writable-resource.js';

/** For whom data comes in, and who brings it: a caller, or Postern itself. */
export type ImportedBy = Pick<Caller, 'actor' | 'origin' | 'customerId'> &
  Partial<Pick<Caller, 'clientId' | 'tokenId'>>;

type Detail = NewAuditEvent<'inventory.imported'>['detail'];

/** The event of a change to PAM data; it counts rows, and holds none of their values. */
export function inventoryEvent(
  { schema }: WritableResource,
  mode: Detail['mode'],
  by: ImportedBy,
  counts: Partial<Pick<Detail, 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected'>>,
): NewAuditEvent<'inventory.imported'> {
  const { created = 0, updated = 0, unchanged = 0, deleted = 0, rejected = 0 } = counts;
  return {
    type: 'inventory.imported',
    actor: by.actor,
    origin: by.origin,
    client_id: by.clientId,
    token_id: by.tokenId,
    customer_id: by.customerId,
    detail: { resource: schema.name, mode, created, updated, unchanged, deleted, rejected },
  };
}
