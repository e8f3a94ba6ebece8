import { selectColumns } from '#database';
import { filters, type ListDefinition, type SortColumn } from '#http-api';
import { ClientEntity } from '../client.entity.js';

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

/** `GET /api/v1/clients`. `client_id` is unique, and so breaks ties. */
export const clientList: ListDefinition = {
  name: 'clients',
  select: selectColumns(ClientEntity, 'c'),
  from: 'clients c',
  id: text('c.client_id', 'clientId'),
  sortable: {
    client_id: text('c.client_id', 'clientId'),
    name: text('c.name', 'name'),
    customer_id: text('c.customer_id', 'customerId'),
    active: { expression: 'c.active', kind: 'boolean', key: 'active' },
    access_token_ttl: { expression: 'c.access_token_ttl', kind: 'number', key: 'accessTokenTtl' },
    created_at: time('c.created_at', 'createdAt'),
    updated_at: time('c.updated_at', 'updatedAt'),
    last_used_at: time('c.last_used_at', 'lastUsedAt', true),
    code_created_at: time('c.authorization_code_created_at', 'authorizationCodeCreatedAt', true),
    token_created_at: time('c.authorization_token_created_at', 'authorizationTokenCreatedAt', true),
    passthru_user: text('c.authorization_passthru_user', 'authorizationPassthruUser', true),
  },
  defaultSort: 'name',
  pages: true,
  filters: [
    filters.substring(
      'search',
      ['c.client_id', 'c.name', 'c.notes'],
      'In the client id, the name or the notes.',
    ),
    filters.substring('client_id', 'c.client_id', 'In the client id.'),
    filters.substring('name', 'c.name', 'In the name.'),
    filters.flag('active', 'c.active', 'Active clients, or inactive ones.'),
    filters.member('scope', 'c.scopes', 'Clients that have this scope.'),
    filters.equals('customer_id', 'c.customer_id', 'Clients of this customer.'),
    filters.time(
      'code_created_from',
      'c.authorization_code_created_at',
      'Code made at this time or later.',
      '>=',
    ),
    filters.time(
      'code_created_to',
      'c.authorization_code_created_at',
      'Code made at this time or earlier.',
      '<=',
    ),
    filters.time(
      'token_created_from',
      'c.authorization_token_created_at',
      'Token made at this time or later.',
      '>=',
    ),
    filters.time(
      'token_created_to',
      'c.authorization_token_created_at',
      'Token made at this time or earlier.',
      '<=',
    ),
    filters.integer('access_token_ttl', 'c.access_token_ttl', 'Seconds that access tokens live.'),
    filters.substring('passthru_user', 'c.authorization_passthru_user', 'In the name of who signed in last.'),
  ],
};
