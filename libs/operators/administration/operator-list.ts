import { columns, filters, type ListDefinition } from '#http-api';
import { ROLES } from '#oauth-protocol';
import { hasFactorSql } from '../second-factor/factor-standing.js';
import { SEEN_OPERATOR_COLUMNS } from './seen-operator.js';

/** `GET /api/v1/operators`. */
export const operatorList: ListDefinition = {
  name: 'operators',
  select: SEEN_OPERATOR_COLUMNS,
  from: 'operators o',
  id: columns.text('o.id', 'id'),
  sortable: {
    username: columns.text('o.username', 'username'),
    email: columns.text('o.email', 'email', true),
    role: columns.text('o.role', 'role'),
    active: columns.boolean('o.active', 'active'),
    customer_id: columns.text('o.customer_id', 'customerId'),
    created_at: columns.time('o.created_at', 'createdAt'),
    updated_at: columns.time('o.updated_at', 'updatedAt'),
    last_signed_in_at: columns.time('o.last_signed_in_at', 'lastSignedInAt', true),
  },
  defaultSort: 'username',
  filters: [
    filters.substring('search', ['o.username', 'o.email'], 'In the username or the email address.'),
    filters.substring('username', 'o.username', 'In the username.'),
    filters.equals('role', 'o.role', 'People of this role.', ROLES),
    filters.flag('active', 'o.active', 'People who may sign in, or who may not.'),
    filters.flag('second_factor', hasFactorSql('o.id'), 'People who have a second factor, or who have none.'),
    filters.equals('customer_id', 'o.customer_id', 'People of this customer.'),
  ],
};
