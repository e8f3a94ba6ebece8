import { Injectable } from '@nestjs/common';
import { NO_REQUEST, SYSTEM, type Caller } from '#access-control';
import { AuditLog, type AuditEventDetails } from '#audit-log';
import { Database, selectColumns, type Queryable, type Transaction } from '#database';
import { Clock, Problem, requireMatch } from '#http-api';
import { CUSTOMER_ID } from '#oauth-protocol';
import type { CreateCustomerDto, UpdateCustomerDto } from './customer.dto.js';
import { CustomerEntity } from './customer.entity.js';
import { belongingsOf } from './customer-belongings.js';
import { DefaultClientsOfCustomer, type DefaultClientOfCustomer } from './default-clients.port.js';

const COLUMNS = selectColumns(CustomerEntity, 'c');

/** The tenants: each change with its audit event, in one transaction. */
@Injectable()
export class Customers {
  constructor(
    private readonly database: Database,
    private readonly defaultClients: DefaultClientsOfCustomer,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Makes the customer where it is not there yet. */
  async ensure(transaction: Transaction, customerId: string, name: string): Promise<void> {
    const made = await this.insert(transaction, customerId, name);
    if (!made) return;
    const caller = { actor: SYSTEM, origin: NO_REQUEST };
    await this.record(transaction, caller, customerId, 'customer.created', { name });
  }

  /** @throws Problem 404, or 400 for what cannot be a customer's id */
  see(customerId: string): Promise<CustomerEntity> {
    return this.find(this.database, customerId, '');
  }

  /**
   * Makes a customer with the clients that it begins with: all of it, or nothing.
   * @throws LackingScopes 403 where the caller lacks what its administrator would hold
   */
  async create(
    caller: Caller,
    { customer_id: customerId, name }: CreateCustomerDto,
  ): Promise<{ customer: CustomerEntity; defaultClients: DefaultClientOfCustomer[] }> {
    return this.database.transaction(async (transaction) => {
      const customer = await this.insert(transaction, customerId, name);
      if (!customer) throw Problem.conflict('customer_id', 'is taken');
      await this.record(transaction, caller, customerId, 'customer.created', { name });
      const defaultClients = await this.defaultClients.create(transaction, caller, customerId);
      return { customer, defaultClients };
    });
  }

  /** @throws Problem 412 for a stale `If-Match` */
  async change(
    caller: Caller,
    customerId: string,
    { name }: UpdateCustomerDto,
    ifMatch?: string,
  ): Promise<CustomerEntity> {
    return this.database.transaction(async (transaction) => {
      const before = await this.find(transaction, customerId, 'FOR NO KEY UPDATE');
      requireMatch(ifMatch, customerETag(before));
      const after = { ...before, name, version: before.version + 1, updatedAt: this.clock.now() };
      await transaction.query(
        'UPDATE customers SET name = $2, version = $3, updated_at = $4 WHERE customer_id = $1',
        [customerId, after.name, after.version, after.updatedAt],
      );
      await this.record(transaction, caller, customerId, 'customer.updated', { fields: ['name'] });
      return after;
    });
  }

  /** @throws Problem 409 while anything belongs to it: removing a tenant must never remove its data on the way */
  async remove(caller: Caller, customerId: string, ifMatch?: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      // Whoever adds something to it at this moment waits for this lock, or this for him.
      const customer = await this.find(transaction, customerId, 'FOR UPDATE');
      requireMatch(ifMatch, customerETag(customer));
      const belongings = await belongingsOf(transaction, customerId);
      if (belongings.length > 0) throw Problem.conflict('customer_id', `still has ${belongings.join(', ')}`);
      await transaction.query('DELETE FROM customers WHERE customer_id = $1', [customerId]);
      await this.record(transaction, caller, customerId, 'customer.deleted', { name: customer.name });
    });
  }

  /** @returns undefined where the id is taken */
  private async insert(
    transaction: Transaction,
    customerId: string,
    name: string,
  ): Promise<CustomerEntity | undefined> {
    const { rows } = await transaction.query<CustomerEntity>(
      `INSERT INTO customers AS c (customer_id, name, created_at, updated_at) VALUES ($1, $2, $3, $3)
       ON CONFLICT (customer_id) DO NOTHING RETURNING ${COLUMNS}`,
      [customerId, name, this.clock.now()],
    );
    return rows[0];
  }

  private async find(
    queryable: Queryable,
    customerId: string,
    lock: '' | 'FOR NO KEY UPDATE' | 'FOR UPDATE',
  ): Promise<CustomerEntity> {
    if (!CUSTOMER_ID.test(customerId))
      throw Problem.invalidField('customer_id', 'is not of the shape of a customer’s id');
    const { rows } = await queryable.query<CustomerEntity>(
      `SELECT ${COLUMNS} FROM customers c WHERE c.customer_id = $1 ${lock}`,
      [customerId],
    );
    if (!rows[0]) throw Problem.notFound('customer');
    return rows[0];
  }

  private record<Type extends 'customer.created' | 'customer.updated' | 'customer.deleted'>(
    transaction: Transaction,
    { actor, origin }: Pick<Caller, 'actor' | 'origin'>,
    customerId: string,
    type: Type,
    detail: AuditEventDetails[Type],
  ): Promise<void> {
    return this.audit.record(transaction, { type, actor, origin, customer_id: customerId, detail });
  }
}

/** An id may be used again, so the time of its making is part of the tag. */
export function customerETag({ createdAt, version }: CustomerEntity): string {
  return `"${createdAt.getTime()}.${version}"`;
}
