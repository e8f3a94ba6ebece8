import { Injectable } from '@nestjs/common';
import { FailedAuthentications, type Attempt, type Locked } from '#access-control';
import { AuditLog, type AuditEventDetails, type NewAuditEvent, type SignInFailure } from '#audit-log';
import { Database, selectColumns } from '#database';
import { USERNAME } from '#oauth-protocol';
import { OperatorEntity } from '../operator.entity.js';
import { Passwords } from '../passwords.js';

const COLUMNS = selectColumns(OperatorEntity, 'o');

const MESSAGES: Record<SignInFailure, string> = {
  unknown_person: 'Nobody has this username.',
  wrong_password: 'The password is not his.',
  person_inactive: 'He is not active.',
};

/** What stands in an event for a username that is nobody's: people type passwords into the wrong field. */
const NOBODY = '(nobody)';

/** Who tries, and from where. */
export type TriedBy = Pick<NewAuditEvent, 'actor' | 'origin' | 'client_id' | 'token_id'>;

/** Too many have failed: nothing was tried. */
export type LockedOut = { outcome: 'locked'; seconds: number };
export type Refused = { outcome: 'refused' };
export type PasswordCheckResult = { outcome: 'right'; person: OperatorEntity } | Refused | LockedOut;

/**
 * Whether a password is somebody's. Every failure is counted and on record, wherever the password was
 * typed, so that no place is better for guessing than another.
 */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly failures: FailedAuthentications,
    private readonly audit: AuditLog,
  ) {}

  /**
   * 1. Not too many have failed to be this person, or anybody, from this address.
   * 2. The person is there, and the password is his; a hash runs in any case.
   *
   * The attempt counts as failed until it is `succeeded`.
   * @throws Problem 503 while too many hashes wait; that is nobody's failure
   */
  async try(by: TriedBy, username: string, password: string): Promise<PasswordCheckResult> {
    const attempt = attemptOf(by, username);
    const locked = await this.failures.begin(attempt);
    if (locked) return this.lockOut(by, username, locked);
    const person = await this.find(username);
    const matches = await this.compare(attempt, password, person?.passwordHash);
    if (!person) return this.refuse(by, undefined, 'unknown_person');
    return matches ? { outcome: 'right', person } : this.refuse(by, person, 'wrong_password');
  }

  async succeeded(by: TriedBy, username: string): Promise<void> {
    await this.failures.succeeded(attemptOf(by, username));
  }

  /** The password was right, and is not all that is asked: this attempt does not count, those that failed do. */
  async notYet(by: TriedBy, username: string): Promise<void> {
    await this.failures.abandoned(attemptOf(by, username));
  }

  /** Puts on record that somebody could not prove who he is, or may not be let in. */
  async refuse(by: TriedBy, person: OperatorEntity | undefined, reason: SignInFailure): Promise<Refused> {
    const username = person?.username ?? NOBODY;
    const detail = { username, reason, message: MESSAGES[reason] };
    await this.record(by, person, 'operator.sign_in_failed', detail);
    return { outcome: 'refused' };
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

  private async lockOut(by: TriedBy, username: string, { seconds, first }: Locked): Promise<LockedOut> {
    if (first) {
      const person = await this.find(username);
      await this.record(by, person, 'operator.locked', {
        username: person?.username ?? NOBODY,
        seconds,
        message: `Too many have failed to sign in from this address; it may try again in ${seconds} s.`,
      });
    }
    return { outcome: 'locked', seconds };
  }

  private record<Type extends 'operator.sign_in_failed' | 'operator.locked'>(
    by: TriedBy,
    person: OperatorEntity | undefined,
    type: Type,
    detail: AuditEventDetails[Type],
  ): Promise<void> {
    const event = { type, ...by, customer_id: person?.customerId ?? null, detail };
    return this.audit.record(this.database, event);
  }
}

function attemptOf({ origin }: TriedBy, username: string): Attempt {
  return { subject: `operator:${username.toLowerCase()}`, ip: origin.ip };
}
