import { selectColumns } from '#database';
import { columns, filters, type ListDefinition } from '#http-api';
import { CustomerEntity } from './customer.entity.js';

/** `GET /api/v1/customers`. */
export const customerList: ListDefinition = {
  name: 'customers',
  select: selectColumns(CustomerEntity, 'c'),
  from: 'customers c',
  id: columns.text('c.customer_id', 'customerId'),
  sortable: {
    customer_id: columns.text('c.customer_id', 'customerId'),
    name: columns.text('c.name', 'name'),
    created_at: columns.time('c.created_at', 'createdAt'),
  },
  defaultSort: 'customer_id',
  filters: [
    filters.substring('search', ['c.customer_id', 'c.name'], 'In the id or the name.'),
    filters.substring('customer_id', 'c.customer_id', 'In the id.'),
    filters.substring('name', 'c.name', 'In the name.'),
  ],
};
