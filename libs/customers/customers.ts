import { Injectable } from '@nestjs/common';
import { NO_REQUEST, SYSTEM } from '#access-control';
import { AuditLog } from '#audit-log';
import type { Queryable } from '#database';
import { Clock } from '#http-api';

/** The tenants. */
@Injectable()
export class Customers {
  constructor(
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Makes the customer where it is not there yet. */
  async ensure(transaction: Queryable, customerId: string, name: string): Promise<void> {
    const { rowCount } = await transaction.query(
      `INSERT INTO customers (customer_id, name, created_at, updated_at) VALUES ($1, $2, $3, $3)
       ON CONFLICT DO NOTHING RETURNING customer_id`,
      [customerId, name, this.clock.now()],
    );
    if (rowCount === 0) return;
    await this.audit.record(transaction, {
      type: 'customer.created',
      actor: SYSTEM,
      origin: NO_REQUEST,
      customer_id: customerId,
      detail: { name },
    });
  }
}
