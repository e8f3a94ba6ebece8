import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ANONYMOUS, FailedAuthentications, requestOrigin, type Attempt, type Locked } from '#access-control';
import { AuditLog, type AuditEventDetails, type SignInFailure } from '#audit-log';
import { Database, selectColumns } from '#database';
import { Clock } from '#http-api';
import { USERNAME } from '#oauth-protocol';
import { OperatorEntity } from '../operator.entity.js';
import { Passwords } from '../passwords.js';
import { Sessions } from './sessions.js';

const COLUMNS = selectColumns(OperatorEntity, 'o');

const MESSAGES: Record<SignInFailure, string> = {
  unknown_person: 'Nobody has this username.',
  wrong_password: 'The password is not his.',
  person_inactive: 'He is not active.',
};

/** What stands in an event for a username that is nobody's: people type passwords into the wrong field. */
const NOBODY = '(nobody)';

export type SignInResult =
  { outcome: 'signed_in'; token: string } | { outcome: 'refused' } | { outcome: 'locked'; seconds: number };

/** Signs people in. Whoever fails is told the same words after the same work, whatever was wrong. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly failures: FailedAuthentications,
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
    const attempt = { subject: `operator:${username.toLowerCase()}`, ip: requestOrigin(request).ip };
    const locked = await this.failures.begin(attempt);
    if (locked) return this.lockOut(request, username, locked);
    const person = await this.find(username);
    const matches = await this.compare(attempt, password, person?.passwordHash);
    if (!person) return this.refuse(request, undefined, 'unknown_person');
    if (!matches) return this.refuse(request, person, 'wrong_password');
    const token = person.active ? await this.open(request, person) : undefined;
    if (token === undefined) return this.refuse(request, person, 'person_inactive');
    await this.failures.succeeded(attempt);
    return { outcome: 'signed_in', token };
  }

  private async find(username: string): Promise<OperatorEntity | undefined> {
    if (!USERNAME.test(username)) return undefined;
    const { rows } = await this.database.query<OperatorEntity>(
      `SELECT ${COLUMNS} FROM operators o WHERE lower(o.username) = lower($1)`,
      [username],
    );
    return rows[0];
  }

  private async compare(attempt: Attempt, password: string, hash: string | undefined): Promise<boolean> {
    try {
      return await this.passwords.matches(password, hash);
    } catch (error) {
      await this.failures.abandoned(attempt);
      throw error;
    }
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

  private async refuse(
    request: FastifyRequest,
    person: OperatorEntity | undefined,
    reason: SignInFailure,
  ): Promise<SignInResult> {
    const username = person?.username ?? NOBODY;
    const detail = { username, reason, message: MESSAGES[reason] };
    await this.record(request, person, 'operator.sign_in_failed', detail);
    return { outcome: 'refused' };
  }

  private async lockOut(
    request: FastifyRequest,
    username: string,
    { seconds, first }: Locked,
  ): Promise<SignInResult> {
    if (first) {
      const person = await this.find(username);
      await this.record(request, person, 'operator.locked', {
        username: person?.username ?? NOBODY,
        seconds,
        message: `Too many have failed to sign in from this address; it may try again in ${seconds} s.`,
      });
    }
    return { outcome: 'locked', seconds };
  }

  private record<Type extends 'operator.sign_in_failed' | 'operator.locked'>(
    request: FastifyRequest,
    person: OperatorEntity | undefined,
    type: Type,
    detail: AuditEventDetails[Type],
  ): Promise<void> {
    return this.audit.record(this.database, {
      type,
      actor: ANONYMOUS,
      origin: requestOrigin(request),
      customer_id: person?.customerId ?? null,
      detail,
    });
  }
}
