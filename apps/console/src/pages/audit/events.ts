import { api, body } from '../../api/client';
import type { operations } from '../../api/schema';

export type EventsQuery = NonNullable<operations['listAuditEvents']['parameters']['query']>;

export function loadEvents(query: EventsQuery) {
  return body(api.GET('/api/v1/audit-events', { params: { query } }));
}
