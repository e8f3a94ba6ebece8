import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestOrigin } from '#access-control';
import { AuditLog, type SecondFactor } from '#audit-log';
import type { Transaction } from '#database';
import { Clock } from '#http-api';
import { Sessions } from './sessions.js';

/** The end of signing in, whatever came before. */
@Injectable()
export class SessionOpening {
  constructor(
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Within the transaction that holds the person's row, and has found him active.
   * @param secondFactor what he showed beside his password
   * @returns the session's token, for `Sessions.give` once the transaction has committed
   */
  async open(
    transaction: Transaction,
    request: FastifyRequest,
    { id, username, customerId }: { id: string; username: string; customerId: string },
    secondFactor?: SecondFactor,
  ): Promise<string> {
    const now = this.clock.now();
    await transaction.query('UPDATE operators SET last_signed_in_at = $2 WHERE id = $1', [id, now]);
    const token = await this.sessions.open(transaction, request, id, secondFactor ? now : null);
    await this.audit.record(transaction, {
      type: 'operator.signed_in',
      actor: { kind: 'operator', id: username },
      origin: requestOrigin(request),
      customer_id: customerId,
      detail: { username, second_factor: secondFactor },
    });
    return token;
  }
}
