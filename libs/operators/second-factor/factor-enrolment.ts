import { Injectable } from '@nestjs/common';
import { AuditLog, type NewAuditEvent } from '#audit-log';
import type { Transaction } from '#database';
import type { TriedBy } from '../sign-in/password-check.js';
import { FactorStandings } from './factor-standing.js';
import { Passkeys, type Passkey } from './passkeys.js';
import { RECOVERY_CODES, RecoveryCodes } from './recovery-codes.js';
import type { NewCredential } from './relying-party.js';
import { Totps, type Totp } from './totps.js';

interface Person {
  id: string;
  username: string;
  customerId: string;
}

/**
 * Adds and removes a person's factors, each with its events, within the transaction that holds his
 * row. Recovery codes come with his first factor, and go with his last.
 */
@Injectable()
export class FactorEnrolment {
  constructor(
    private readonly passkeys: Passkeys,
    private readonly totps: Totps,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly standings: FactorStandings,
    private readonly audit: AuditLog,
  ) {}

  /** @returns the app; and his recovery codes, this once, where it is his first factor */
  async addTotp(
    transaction: Transaction,
    by: TriedBy,
    person: Person,
    { secret, step }: { secret: string; step: number },
  ): Promise<{ totp: Totp; recoveryCodes?: string[] }> {
    const { enrolled } = await this.standings.of(transaction, person.id);
    const totp = await this.totps.put(transaction, person.id, secret, step);
    const detail = { username: person.username, factor: 'totp' } as const;
    await this.record(transaction, by, person, { type: 'second_factor.enrolled', detail });
    const recoveryCodes = enrolled ? undefined : await this.makeRecoveryCodes(transaction, by, person);
    return { totp, recoveryCodes };
  }

  /** @returns the passkey; and his recovery codes, this once, where it is his first factor */
  async addPasskey(
    transaction: Transaction,
    by: TriedBy,
    person: Person,
    credential: NewCredential,
    name: string,
  ): Promise<{ passkey: Passkey; recoveryCodes?: string[] }> {
    const { enrolled } = await this.standings.of(transaction, person.id);
    const passkey = await this.passkeys.add(transaction, person.id, credential, name);
    const detail = { username: person.username, factor: 'passkey', name } as const;
    await this.record(transaction, by, person, { type: 'second_factor.enrolled', detail });
    const recoveryCodes = enrolled ? undefined : await this.makeRecoveryCodes(transaction, by, person);
    return { passkey, recoveryCodes };
  }

  /** New ones in place of those that there were. @returns them, this once */
  async makeRecoveryCodes(transaction: Transaction, by: TriedBy, person: Person): Promise<string[]> {
    const codes = await this.recoveryCodes.make(transaction, person.id);
    const detail = { username: person.username, count: RECOVERY_CODES };
    await this.record(transaction, by, person, { type: 'second_factor.recovery_codes_made', detail });
    return codes;
  }

  /**
   * @param passkey its id; without one, the app that shows codes
   * @returns false where he has no such factor
   */
  async remove(transaction: Transaction, by: TriedBy, person: Person, passkey?: string): Promise<boolean> {
    const { username } = person;
    if (passkey === undefined) {
      if (!(await this.totps.remove(transaction, person.id))) return false;
      const detail = { username, factor: 'totp' } as const;
      await this.record(transaction, by, person, { type: 'second_factor.removed', detail });
    } else {
      const name = await this.passkeys.remove(transaction, person.id, passkey);
      if (name === undefined) return false;
      const detail = { username, factor: 'passkey', name } as const;
      await this.record(transaction, by, person, { type: 'second_factor.removed', detail });
    }
    const { enrolled } = await this.standings.of(transaction, person.id);
    if (!enrolled) await this.recoveryCodes.clear(transaction, person.id);
    return true;
  }

  /** All that he has, for who has lost it. */
  async removeAll(transaction: Transaction, by: TriedBy, person: Person): Promise<void> {
    for (const table of [
      'operator_passkeys',
      'operator_totps',
      'operator_recovery_codes',
      'second_factor_challenges',
    ])
      await transaction.query(`DELETE FROM ${table} WHERE operator = $1`, [person.id]);
    const detail = { username: person.username, factor: 'all' } as const;
    await this.record(transaction, by, person, { type: 'second_factor.removed', detail });
  }

  private record(
    transaction: Transaction,
    by: TriedBy,
    { customerId }: Person,
    event: Pick<NewAuditEvent, 'type' | 'detail'>,
  ): Promise<void> {
    return this.audit.record(transaction, { ...event, ...by, customer_id: customerId });
  }
}
