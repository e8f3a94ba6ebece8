import { Injectable } from '@nestjs/common';
import { reachOf, type Principal } from '#access-control';
import { Database, selectColumns, type Queryable, type Transaction } from '#database';
import { Problem } from '#http-api';
import { CLIENT_ID } from '#oauth-protocol';
import { ClientEntity } from '../client.entity.js';

const COLUMNS = selectColumns(ClientEntity, 'c');

/** Finds clients. What lies beyond the caller's customer is not there for him: 404, never 403. */
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

  /** The client, locked until the transaction ends, so that what was checked of it stays true. */
  lock(transaction: Transaction, caller: Principal, clientId: string): Promise<ClientEntity> {
    return this.find(transaction, reachOf(caller, 'change'), clientId, 'FOR UPDATE');
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
      `SELECT ${COLUMNS} FROM clients c WHERE c.client_id = $1 AND ($2::text IS NULL OR c.customer_id = $2) ${lock}`,
      [clientId, customerId ?? null],
    );
    if (!rows[0]) throw Problem.notFound('client');
    return rows[0];
  }
}
