import { selectColumns } from '#database';
import { filters, type ListDefinition } from '#http-api';
import { CustomerEntity } from './customer.entity.js';

/** `GET /api/v1/customers`. */
export const customerList: ListDefinition = {
  name: 'customers',
  select: selectColumns(CustomerEntity, 'c'),
  from: 'customers c',
  id: { expression: 'c.customer_id', kind: 'text', key: 'customerId' },
  sortable: {
    customer_id: { expression: 'c.customer_id', kind: 'text', key: 'customerId' },
    name: { expression: 'c.name', kind: 'text', key: 'name' },
    created_at: { expression: 'c.created_at', kind: 'time', key: 'createdAt' },
  },
  defaultSort: 'customer_id',
  filters: [
    filters.substring('search', ['c.customer_id', 'c.name'], 'In the id or the name.'),
    filters.substring('customer_id', 'c.customer_id', 'In the id.'),
    filters.substring('name', 'c.name', 'In the name.'),
  ],
};
