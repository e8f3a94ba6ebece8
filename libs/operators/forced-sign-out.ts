import { Injectable } from '@nestjs/common';
import { AuditLog, type RevocationReason } from '#audit-log';
import type { Transaction } from '#database';
import { OperatorGrants } from './operator-grants.port.js';
import type { TriedBy } from './sign-in/password-check.js';
import { endSessionsOf } from './sign-in/sessions.js';

/** Signs a person out everywhere, because of what was decided about him. */
@Injectable()
export class ForcedSignOut {
  constructor(
    private readonly grants: OperatorGrants,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Ends his sessions, and what the console and Swagger UI got by them, within the transaction that
   * holds his row. What he allowed applications stays.
   */
  async end(
    transaction: Transaction,
    by: TriedBy,
    { id, username, customerId }: { id: string; username: string; customerId: string },
    at: Date,
    reason: Extract<RevocationReason, 'password_changed' | 'second_factor_required' | 'second_factor_reset'>,
  ): Promise<void> {
    await endSessionsOf(transaction, id);
    const count = await this.grants.endFirstParty(transaction, id, at, 'all');
    if (count === 0) return;
    const detail = { reason, count, operator: username };
    const event = { ...by, type: 'access_token.revoked', customer_id: customerId, detail } as const;
    await this.audit.record(transaction, event);
  }
}
