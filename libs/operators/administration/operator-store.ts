import { Injectable } from '@nestjs/common';
import { reachOf, type PersonCaller, type Principal } from '#access-control';
import { Database, type Queryable, type Transaction } from '#database';
import { Problem } from '#http-api';
import { SEEN_OPERATOR_COLUMNS, type SeenOperator } from './seen-operator.js';

/** One number for the lock under which people are changed. */
const OPERATORS_LOCK = 7_067_861_175;

/** Finds people. What lies beyond the caller's customer is not there for him: 404, never 403. */
@Injectable()
export class OperatorStore {
  constructor(private readonly database: Database) {}

  /** @throws Problem 404 */
  see(caller: Principal, id: string): Promise<SeenOperator> {
    return this.find(this.database, reachOf(caller, 'see'), id, '');
  }

  /** Whoever calls, wherever he belongs. @throws Problem 404 where he has been removed just now */
  self({ operator }: PersonCaller): Promise<SeenOperator> {
    return this.find(this.database, undefined, operator.id, '');
  }

  /** The same within a transaction, e.g. one that holds him. */
  selfWithin(transaction: Transaction, { operator }: PersonCaller): Promise<SeenOperator> {
    return this.find(transaction, undefined, operator.id, '');
  }

  /** Holds whoever calls until the transaction ends: no session or grant of his is opened meanwhile. */
  async hold(transaction: Transaction, { operator }: PersonCaller): Promise<void> {
    await transaction.query('SELECT FROM operators WHERE id = $1 FOR NO KEY UPDATE', [operator.id]);
  }

  /**
   * The person, held until the transaction ends. One change of people at a time: two owners who
   * demote each other at once would else each see the other remain.
   */
  async lock(transaction: Transaction, caller: Principal, id: string): Promise<SeenOperator> {
    await this.alone(transaction);
    return this.find(transaction, reachOf(caller, 'change'), id, 'FOR UPDATE');
  }

  /** Waits until nobody else changes people, and keeps it so until the transaction ends. */
  async alone(transaction: Transaction): Promise<void> {
    await transaction.query('SELECT pg_advisory_xact_lock($1)', [OPERATORS_LOCK]);
  }

  /** Whether anybody but this one could still do what only an owner may. */
  async hasOtherOwner(transaction: Transaction, id: string): Promise<boolean> {
    const { rowCount } = await transaction.query(
      `SELECT 1 FROM operators WHERE role = 'owner' AND active AND id <> $1 LIMIT 1`,
      [id],
    );
    return rowCount > 0;
  }

  private async find(
    queryable: Queryable,
    customerId: string | undefined,
    id: string,
    lock: '' | 'FOR UPDATE',
  ): Promise<SeenOperator> {
    const { rows } = await queryable.query<SeenOperator>(
      `SELECT ${SEEN_OPERATOR_COLUMNS} FROM operators o WHERE o.id = $1 AND ($2::text IS NULL OR o.customer_id = $2) ${lock}`,
      [id, customerId ?? null],
    );
    if (!rows[0]) throw Problem.notFound('operator');
    return rows[0];
  }
}
