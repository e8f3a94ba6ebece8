import { selectColumns } from '#database';
import { filters, type ListDefinition, type ListFilter, type SortColumn } from '#http-api';
import { AccessTokenEntity, TOKEN_GRANT_TYPES } from '../access-token.entity.js';
import { TOKEN_STATUSES } from './access-token.dto.js';

const time = (expression: string, key: string, nullable = false): SortColumn => ({
  expression,
  kind: 'time',
  key,
  nullable,
});

const status: ListFilter = {
  ...filters.equals('status', '', 'What the tokens are worth now.', TOKEN_STATUSES),
  condition: (parameters, value, now) => {
    if (value === 'revoked') return 't.revoked_at IS NOT NULL';
    return `t.revoked_at IS NULL AND t.expires_at ${value === 'active' ? '>' : '<='} ${parameters.add(now)}`;
  },
};

/** What was not used since a time was issued before it, too: that much an index knows. */
const lastUsedBefore: ListFilter = {
  ...filters.time(
    'last_used_before',
    't.last_used_at',
    'Tokens not used since this; one that was never used counts from when it was made.',
    '<',
  ),
  condition: (parameters, value) => {
    const before = parameters.add(value);
    return `t.issued_at < ${before} AND coalesce(t.last_used_at, t.issued_at) < ${before}`;
  },
};

/** `GET /api/v1/tokens`, and a client's own under `/api/v1/clients/{client_id}/tokens`. */
export const accessTokenList: ListDefinition = {
  name: 'tokens',
  select: selectColumns(AccessTokenEntity, 't'),
  from: 'access_tokens t',
  id: { expression: 't.id', kind: 'text', key: 'id' },
  sortable: {
    issued_at: time('t.issued_at', 'issuedAt'),
    expires_at: time('t.expires_at', 'expiresAt'),
    last_used_at: time('t.last_used_at', 'lastUsedAt', true),
    revoked_at: time('t.revoked_at', 'revokedAt', true),
    client_id: { expression: 't.client_id', kind: 'text', key: 'clientId' },
  },
  defaultSort: '-issued_at',
  filters: [
    filters.equals('client_id', 't.client_id', 'Tokens of this client.'),
    status,
    filters.equals('grant_type', 't.grant_type', 'How they came to be.', TOKEN_GRANT_TYPES),
    filters.member('scope', 't.scopes', 'Tokens that hold this scope.'),
    filters.time('expires_before', 't.expires_at', 'Tokens that expire before this.', '<'),
    lastUsedBefore,
  ],
};
