import { selectColumns } from '#database';
import { filters, type ListDefinition, type ListFilter, type SortColumn } from '#http-api';
import { AccessTokenEntity, TOKEN_GRANT_TYPES } from '../access-token.entity.js';
import { TOKEN_STATUSES } from './access-token.dto.js';

const time = (expression: string, key: string): SortColumn => ({ expression, kind: 'time', key });

/** Times that most tokens lack; their indexes leave those out, so that issuing a token does not write to them. */
const rareTime = (expression: string, key: string): SortColumn => ({
  ...time(expression, key),
  nullable: true,
  partial: true,
});

/** An id begins with the millisecond of issue: it is in the order of `issued_at`, and has the index. */
const id: SortColumn = { expression: 't.id', kind: 'text', key: 'id' };

const status: ListFilter = {
  ...filters.equals('status', '', 'What the tokens are worth now.', TOKEN_STATUSES),
  // Most are expired; what few are active, or revoked, may lie far from where a list begins.
  isLoose: (sortedBy, value) =>
    (value === 'active' && sortedBy !== 't.expires_at') ||
    (value === 'revoked' && sortedBy !== 't.revoked_at'),
  condition: (parameters, value, now) => {
    if (value === 'revoked') return 't.revoked_at IS NOT NULL';
    return `t.revoked_at IS NULL AND t.expires_at ${value === 'active' ? '>' : '<='} ${parameters.add(now)}`;
  },
};

const lastUsedBefore: ListFilter = {
  ...filters.time(
    'last_used_before',
    't.last_used_at',
    'Tokens not used since this; one that was never used counts from when it was made.',
    '<',
  ),
  // What was not used since then was issued before, too: that much an index knows.
  condition: (parameters, value) =>
    `t.id < ${parameters.add(firstIdAt(value as Date))} AND coalesce(t.last_used_at, t.issued_at) < ${parameters.add(value)}`,
};

const used: ListFilter = {
  ...filters.flag('used', '', 'Whether they were ever used.'),
  // Either may be rare. In the order of use the index knows both: who lacks the time comes last.
  isLoose: (sortedBy) => sortedBy !== 't.last_used_at',
  condition: (_parameters, value) => `t.last_used_at IS ${value ? 'NOT NULL' : 'NULL'}`,
};

/** The least id of a token that is issued at a time: a UUIDv7 (RFC 9562 §5.7) with nothing but its 48 bits of time. */
function firstIdAt(time: Date): string {
  const milliseconds = Math.min(Math.max(time.getTime(), 0), 2 ** 48 - 1);
  const digits = milliseconds.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`;
}

/** `GET /api/v1/tokens`, and a client's own under `/api/v1/clients/{client_id}/tokens`. */
export const accessTokenList: ListDefinition = {
  name: 'tokens',
  select: selectColumns(AccessTokenEntity, 't'),
  from: 'access_tokens t',
  id,
  sortable: {
    issued_at: id,
    expires_at: time('t.expires_at', 'expiresAt'),
    last_used_at: rareTime('t.last_used_at', 'lastUsedAt'),
    revoked_at: rareTime('t.revoked_at', 'revokedAt'),
    client_id: { expression: 't.client_id', kind: 'text', key: 'clientId' },
  },
  defaultSort: '-issued_at',
  filters: [
    {
      ...filters.equals('client_id', 't.client_id', 'Tokens of this client.'),
      isLoose: (sortedBy) => sortedBy !== 't.id' && sortedBy !== 't.client_id',
    },
    status,
    {
      ...filters.equals('grant_type', 't.grant_type', 'How they came to be.', TOKEN_GRANT_TYPES),
      isLoose: (sortedBy) => sortedBy !== 't.id',
    },
    { ...filters.member('scope', 't.scopes', 'Tokens that hold this scope.'), isLoose: () => true },
    filters.time('expires_before', 't.expires_at', 'Tokens that expire before this.', '<'),
    lastUsedBefore,
    used,
  ],
};
