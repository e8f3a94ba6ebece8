import { selectColumns } from '#database';
import { columns, filters, type ListDefinition } from '#http-api';
import { ScopeEntity } from '../scope.entity.js';

/** `GET /api/v1/scopes`. */
export const scopeList: ListDefinition = {
  name: 'scopes',
  select: selectColumns(ScopeEntity, 's'),
  from: 'scopes s',
  id: columns.text('s.id', 'id'),
  sortable: {
    name: columns.text('s.name', 'name'),
    created_at: columns.time('s.created_at', 'createdAt'),
  },
  defaultSort: 'name',
  filters: [
    filters.substring('search', ['s.name', 's.description'], 'In the name or the description.'),
    filters.substring('name', 's.name', 'In the name.'),
    filters.flag('built_in', 's.built_in', 'Built-in scopes, or custom ones.'),
  ],
};
