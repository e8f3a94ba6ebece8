import { selectColumns } from '#database';
import { filters, type ListDefinition, type SortColumn } from '#http-api';
import { ROLES } from '#oauth-protocol';
import { OperatorEntity } from '../operator.entity.js';

const text = (expression: string, key: string, nullable = false): SortColumn => ({
  expression,
  kind: 'text',
  key,
  nullable,
});
const time = (expression: string, key: string, nullable = false): SortColumn => ({
  expression,
  kind: 'time',
  key,
  nullable,
});

/** `GET /api/v1/operators`. */
export const operatorList: ListDefinition = {
  name: 'operators',
  select: selectColumns(OperatorEntity, 'o'),
  from: 'operators o',
  id: text('o.id', 'id'),
  sortable: {
    username: text('o.username', 'username'),
    email: text('o.email', 'email', true),
    role: text('o.role', 'role'),
    active: { expression: 'o.active', kind: 'boolean', key: 'active' },
    customer_id: text('o.customer_id', 'customerId'),
    created_at: time('o.created_at', 'createdAt'),
    updated_at: time('o.updated_at', 'updatedAt'),
    last_signed_in_at: time('o.last_signed_in_at', 'lastSignedInAt', true),
  },
  defaultSort: 'username',
  filters: [
    filters.substring('search', ['o.username', 'o.email'], 'In the username or the email address.'),
    filters.substring('username', 'o.username', 'In the username.'),
    filters.equals('role', 'o.role', 'People of this role.', ROLES),
    filters.flag('active', 'o.active', 'People who may sign in, or who may not.'),
    filters.equals('customer_id', 'o.customer_id', 'People of this customer.'),
  ],
};
