import { Injectable } from '@nestjs/common';
import { reachOf, type Principal } from '#access-control';
import { Database, selectColumns, type Queryable, type Transaction } from '#database';
import { Problem } from '#http-api';
import { CLIENT_ID } from '#oauth-protocol';
import { ClientEntity } from '../client.entity.js';

const COLUMNS = selectColumns(ClientEntity, 'c');

/**
 * Finds clients. What lies beyond the caller's customer is not there for him, nor are the built-in
 * ones for anybody: 404, never 403.
 */
@Injectable()
export class ClientStore {
  constructor(private readonly database: Database) {}

  /** @throws Problem 404, or 400 for what cannot be a client id */
  see(caller: Principal, clientId: string): Promise<ClientEntity> {
    return this.find(this.database, reachOf(caller, 'see'), clientId, '');
  }

  /** The same within what the caller may change, e.g. to act in the client's name. */
  seeForChange(caller: Principal, clientId: string): Promise<ClientEntity> {
    return this.find(this.database, reachOf(caller, 'change'), clientId, '');
  }

  /** Some of the clients that a caller sees, from the oldest on. */
  async page(caller: Principal, offset: number, limit: number): Promise<ClientEntity[]> {
    const { rows } = await this.database.query<ClientEntity>(
      `SELECT ${COLUMNS} FROM clients c WHERE NOT c.built_in AND ($1::text IS NULL OR c.customer_id = $1)
       ORDER BY c.id OFFSET $2 LIMIT $3`,
      [reachOf(caller, 'see') ?? null, offset, limit],
    );
    return rows;
  }

  /** The client, locked until the transaction ends, so that what was checked of it stays true. */
  lock(transaction: Transaction, caller: Principal, clientId: string): Promise<ClientEntity> {
    return this.find(transaction, reachOf(caller, 'change'), clientId, 'FOR UPDATE');
  }

  /** A client by its row's id or its client id, the built-in ones too: for the authorization endpoint, which has no caller. */
  async any(by: { id: string } | { clientId: string }): Promise<ClientEntity | undefined> {
    const [column, value] = 'id' in by ? ['id', by.id] : ['client_id', by.clientId];
    if ('clientId' in by && !CLIENT_ID.test(by.clientId)) return undefined;
    const { rows } = await this.database.query<ClientEntity>(
      `SELECT ${COLUMNS} FROM clients c WHERE c.${column} = $1`,
      [value],
    );
    return rows[0];
  }

  private async find(
    queryable: Queryable,
    customerId: string | undefined,
    clientId: string,
    lock: '' | 'FOR UPDATE',
  ): Promise<ClientEntity> {
    if (!CLIENT_ID.test(clientId))
      throw Problem.invalidField('client_id', 'is not of the shape of a client id');
    const { rows } = await queryable.query<ClientEntity>(
      `SELECT ${COLUMNS} FROM clients c WHERE c.client_id = $1 AND NOT c.built_in AND ($2::text IS NULL OR c.customer_id = $2) ${lock}`,
      [clientId, customerId ?? null],
    );
    if (!rows[0]) throw Problem.notFound('client');
    return rows[0];
  }
}
