import { isIP } from 'node:net';
import { filters, FilterValueError, type ListDefinition, type ListFilter } from '#http-api';
import { AUDIT_EVENT_TYPES } from './audit-event-types.js';

/** The columns of an event as they leave the database; the chain's hashes leave as hexadecimal text. */
export const AUDIT_EVENT_COLUMNS = `id, at, type, outcome, actor_kind, actor_id, client_id, token_id, customer_id, ip, user_agent,
  request_id, method, path, detail, writer, sequence::float8 AS sequence, encode(hash, 'hex') AS hash,
  encode(previous_hash, 'hex') AS previous_hash`;

const SEARCHED = ['type', 'client_id', 'actor_id', 'path', 'user_agent', 'ip', "detail->>'message'"];

/** All that can be asked of the audit log. */
export const AUDIT_EVENTS: ListDefinition = {
  name: 'audit-events',
  select: AUDIT_EVENT_COLUMNS,
  from: 'audit_events',
  id: { expression: 'id', kind: 'text', key: 'id' },
  sortable: {
    at: { expression: 'at', kind: 'time', key: 'at' },
    type: { expression: 'type', kind: 'text', key: 'type' },
  },
  defaultSort: '-at',
  filters: [
    filters.equals('type', 'type', 'Events of this type.', AUDIT_EVENT_TYPES),
    filters.equals('outcome', 'outcome', 'What was done, or what was refused.', ['success', 'failure']),
    filters.equals('client_id', 'client_id', 'Events about this client.'),
    filters.equalsUuid('token_id', 'token_id', 'Events about this access token, by its id.'),
    filters.equals('actor', 'actor_id', 'What this client or person did, by client_id or username.'),
    address('ip', 'ip', 'What came from this address.'),
    filters.time('from', 'at', 'Events at this time or later.', '>='),
    filters.time('to', 'at', 'Events at this time or earlier.', '<='),
    filters.substring(
      'search',
      SEARCHED,
      'Events by type, client, actor, path, user agent, address or message.',
    ),
  ],
};

function address(name: string, column: string, description: string): ListFilter {
  return {
    ...filters.equals(name, column, description),
    parse: (text) => {
      if (isIP(text) === 0) throw new FilterValueError('must be an IPv4 or IPv6 address');
      return text.toLowerCase();
    },
  };
}
