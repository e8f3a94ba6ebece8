import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ANONYMOUS, requestOrigin } from '#access-control';
import { AuditLog } from '#audit-log';
import { Database } from '#database';
import { Clock } from '#http-api';
import type { OperatorEntity } from '../operator.entity.js';
import { PasswordCheck, type LockedOut, type Refused } from './password-check.js';
import { Sessions } from './sessions.js';

export type SignInResult = { outcome: 'signed_in'; token: string } | Refused | LockedOut;

/** Signs people in. Whoever fails is told the same words after the same work, whatever was wrong. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordCheck,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * 1. Not too many have failed to be this person, or anybody, from this address.
   * 2. The person is there, the password is his, and he is active; a hash runs in any case.
   * 3. Nothing of that has changed since, and the session is durable with its event.
   * @throws Problem 503 while too many hashes wait; that is nobody's failure
   */
  async attempt(request: FastifyRequest, username: string, password: string): Promise<SignInResult> {
    const by = { actor: ANONYMOUS, origin: requestOrigin(request) };
    const checked = await this.passwords.try(by, username, password);
    if (checked.outcome !== 'right') return checked;
    const { person } = checked;
    const token = person.active ? await this.open(request, person) : undefined;
    if (token === undefined) return this.passwords.refuse(by, person, 'person_inactive');
    await this.passwords.succeeded(by, username);
    return { outcome: 'signed_in', token };
  }

  /** @returns undefined where the person has gone, was deactivated or has another password by now */
  private open(request: FastifyRequest, person: OperatorEntity): Promise<string | undefined> {
    return this.database.transaction(async (transaction) => {
      const { rowCount } = await transaction.query(
        'UPDATE operators SET last_signed_in_at = $3 WHERE id = $1 AND active AND password_hash = $2',
        [person.id, person.passwordHash, this.clock.now()],
      );
      if (rowCount === 0) return undefined;
      const token = await this.sessions.open(transaction, request, person.id);
      await this.audit.record(transaction, {
        type: 'operator.signed_in',
        actor: { kind: 'operator', id: person.username },
        origin: requestOrigin(request),
        customer_id: person.customerId,
        detail: { username: person.username },
      });
      return token;
    });
  }
}
