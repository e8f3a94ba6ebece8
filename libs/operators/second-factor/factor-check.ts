import { Injectable } from '@nestjs/common';
import { FailedAuthentications, type Attempt } from '#access-control';
import { AuditLog, type SecondFactor, type SecondFactorFailure } from '#audit-log';
import { Database, type Transaction } from '#database';
import { Clock } from '#http-api';
import type { LockedOut, Refused, TriedBy } from '../sign-in/password-check.js';
import { Passkeys } from './passkeys.js';
import { recoveryCodeOf, RecoveryCodes } from './recovery-codes.js';
import { RelyingParty } from './relying-party.js';
import { TOTP_CODE, totpStep } from './totp-secret.js';
import { Totps } from './totps.js';

const MESSAGES: Record<SecondFactorFailure, string> = {
  wrong_code: 'The code is none of his.',
  used_code: 'The code is one of his that was used before.',
  too_many_codes: 'So many codes were wrong within a day that none is tried.',
  wrong_passkey: 'The answer is not that of a passkey of his to this challenge.',
  cloned_passkey: 'The passkey has counted no further than before: there may be a copy of it.',
  person_changed: 'He was changed or deactivated since he showed his password.',
};

/** What somebody shows: digits or a recovery code that he typed, or a passkey's answer to a challenge. */
export type Presented = { code: string } | { assertion: unknown; challenge: string };

/** A factor that is right and has not been used up yet. */
export type Shown =
  | { factor: 'totp'; step: number }
  | { factor: 'recovery_code'; code: string }
  | { factor: 'passkey'; id: string; signCount: number };

export type FactorCheckResult = { outcome: 'right'; shown: Shown } | Refused | LockedOut;

interface Person {
  id: string;
  username: string;
  customerId: string;
}

/**
 * Whether what somebody shows is a person's second factor. Failures count with those of his password,
 * wherever it was tried, and each is on record.
 */
@Injectable()
export class FactorCheck {
  constructor(
    private readonly database: Database,
    private readonly failures: FailedAuthentications,
    private readonly relyingParty: RelyingParty,
    private readonly passkeys: Passkeys,
    private readonly totps: Totps,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** The attempt counts as failed until it has `succeeded`. */
  async try(by: TriedBy, person: Person, presented: Presented): Promise<FactorCheckResult> {
    const locked = await this.failures.begin(attemptOf(by, person));
    if (locked) {
      const { seconds, first } = locked;
      if (first) {
        const message = `Too many have failed to sign in from this address; it may try again in ${seconds} s.`;
        const detail = { username: person.username, seconds, message };
        await this.audit.record(this.database, { ...eventOf(by, person), type: 'operator.locked', detail });
      }
      return { outcome: 'locked', seconds };
    }
    const shown = await ('code' in presented
      ? this.lookAtCode(person, presented.code)
      : this.lookAtAssertion(person, presented));
    return typeof shown === 'string' ? this.refuse(by, person, shown) : { outcome: 'right', shown };
  }

  /**
   * Uses it up, once, within the transaction that holds the person's row.
   * @returns why not, or undefined
   */
  async spend(
    transaction: Transaction,
    by: TriedBy,
    person: Person,
    shown: Shown,
  ): Promise<SecondFactorFailure | undefined> {
    const at = this.clock.now();
    switch (shown.factor) {
      case 'passkey':
        return (await this.passkeys.spend(transaction, shown.id, shown.signCount, at))
          ? undefined
          : 'cloned_passkey';
      case 'totp':
        return (await this.totps.spend(transaction, person.id, shown.step, at)) ? undefined : 'used_code';
      case 'recovery_code': {
        if (!(await this.recoveryCodes.spend(transaction, person.id, shown.code, at))) return 'used_code';
        const left = await this.recoveryCodes.left(transaction, person.id);
        const detail = { username: person.username, left };
        const type = 'second_factor.recovery_code_used';
        await this.audit.record(transaction, { ...eventOf(by, person), type, detail });
        return undefined;
      }
    }
  }

  async succeeded(by: TriedBy, person: Person): Promise<void> {
    await this.failures.succeeded(attemptOf(by, person));
  }

  async refuse(by: TriedBy, person: Person, reason: SecondFactorFailure): Promise<Refused> {
    const detail = { username: person.username, reason, message: MESSAGES[reason] };
    await this.audit.record(this.database, { ...eventOf(by, person), type: 'second_factor.failed', detail });
    return { outcome: 'refused' };
  }

  private async lookAtCode({ id }: Person, typed: string): Promise<Shown | SecondFactorFailure> {
    const recovery = recoveryCodeOf(typed);
    if (recovery !== undefined) {
      const found = await this.recoveryCodes.look(id, recovery);
      if (!found) return 'wrong_code';
      return found === 'used' ? 'used_code' : { factor: 'recovery_code', code: recovery };
    }
    const code = typed.replaceAll(/\s/g, '');
    const totp = TOTP_CODE.test(code) ? await this.totps.try(id) : undefined;
    if (totp === 'exhausted') return 'too_many_codes';
    const step = totp && totpStep(totp.secret, code, this.clock.now());
    if (step === undefined) return 'wrong_code';
    return step <= totp!.lastStep ? 'used_code' : { factor: 'totp', step };
  }

  private async lookAtAssertion(
    { id: operator }: Person,
    { assertion, challenge }: { assertion: unknown; challenge: string },
  ): Promise<Shown | SecondFactorFailure> {
    const { id } = (assertion ?? {}) as { id?: unknown };
    const passkey = typeof id === 'string' ? await this.passkeys.find(operator, id) : undefined;
    if (!passkey) return 'wrong_passkey';
    const credential = { id: id as string, publicKey: passkey.publicKey };
    const signCount = await this.relyingParty.asserted(assertion, challenge, credential);
    return signCount === undefined ? 'wrong_passkey' : { factor: 'passkey', id: passkey.id, signCount };
  }
}

export function factorOf({ factor }: Shown): SecondFactor {
  return factor;
}

function eventOf(by: TriedBy, { customerId }: Person) {
  return { ...by, customer_id: customerId };
}

/** The same as of his password (`PasswordCheck`): there is one count for who tries to be him. */
function attemptOf({ origin }: TriedBy, { username }: Person): Attempt {
  return { subject: `operator:${username.toLowerCase()}`, ip: origin.ip };
}
