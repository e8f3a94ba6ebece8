import { selectColumns } from '#database';
import { filters, type ListDefinition } from '#http-api';
import { ScopeEntity } from '../scope.entity.js';

/** `GET /api/v1/scopes`. */
export const scopeList: ListDefinition = {
  name: 'scopes',
  select: selectColumns(ScopeEntity, 's'),
  from: 'scopes s',
  id: { expression: 's.id', kind: 'text', key: 'id' },
  sortable: {
    name: { expression: 's.name', kind: 'text', key: 'name' },
    created_at: { expression: 's.created_at', kind: 'time', key: 'createdAt' },
  },
  defaultSort: 'name',
  filters: [
    filters.substring('search', ['s.name', 's.description'], 'In the name or the description.'),
    filters.substring('name', 's.name', 'In the name.'),
    filters.flag('built_in', 's.built_in', 'Built-in scopes, or custom ones.'),
  ],
};
