import { selectColumns } from '#database';
import { columns, filters, type ListDefinition } from '#http-api';
import { ClientEntity } from '../client.entity.js';

/** `GET /api/v1/clients`. `client_id` is unique, and so breaks ties. */
export const clientList: ListDefinition = {
  name: 'clients',
  select: selectColumns(ClientEntity, 'c'),
  from: 'clients c',
  id: columns.text('c.client_id', 'clientId'),
  sortable: {
    client_id: columns.text('c.client_id', 'clientId'),
    name: columns.text('c.name', 'name'),
    customer_id: columns.text('c.customer_id', 'customerId'),
    active: columns.boolean('c.active', 'active'),
    access_token_ttl: columns.number('c.access_token_ttl', 'accessTokenTtl'),
    created_at: columns.time('c.created_at', 'createdAt'),
    updated_at: columns.time('c.updated_at', 'updatedAt'),
    last_used_at: columns.time('c.last_used_at', 'lastUsedAt', true),
    code_created_at: columns.time('c.authorization_code_created_at', 'authorizationCodeCreatedAt', true),
    token_created_at: columns.time('c.authorization_token_created_at', 'authorizationTokenCreatedAt', true),
    passthru_user: columns.text('c.authorization_passthru_user', 'authorizationPassthruUser', true),
  },
  defaultSort: 'name',
  pages: true,
  includable: ['live_tokens'],
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
    filters.time('valid_until_before', 'c.valid_until', 'Clients whose validity ends before this.', '<'),
    filters.substring('passthru_user', 'c.authorization_passthru_user', 'In the name of who signed in last.'),
  ],
};
