import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NO_REQUEST, SYSTEM } from '#access-control';
import { AuditLog } from '#audit-log';
import { timeOrderedId, type Transaction } from '#database';
import { Clock } from '#http-api';
import { OperatorEntity } from './operator.entity.js';
import { Passwords } from './passwords.js';

/** 24 characters of base64url. */
const PASSWORD_BYTES = 18;

/** For whoever leaves the choice to Postern. */
export function generatePassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}

/** The first person: without him nobody could sign in, and no client can make an owner. */
@Injectable()
export class FirstOwner {
  constructor(
    private readonly passwords: Passwords,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the owner where there is nobody at all.
   * @returns the password that was generated, or undefined where none was
   */
  async ensure(
    transaction: Transaction,
    customerId: string,
    { username, password }: { username: string; password?: string },
  ): Promise<string | undefined> {
    const { rowCount } = await transaction.query('SELECT 1 FROM operators LIMIT 1');
    if (rowCount > 0) return undefined;
    const generated = password === undefined ? generatePassword() : undefined;
    const now = this.clock.now();
    await transaction.manager.insert(OperatorEntity, {
      id: timeOrderedId(),
      customerId,
      username,
      email: null,
      role: 'owner',
      active: true,
      passwordHash: await this.passwords.hash((password ?? generated)!),
      version: 1,
      createdAt: now,
      updatedAt: now,
      lastSignedInAt: null,
    });
    await this.audit.record(transaction, {
      type: 'operator.created',
      actor: SYSTEM,
      origin: NO_REQUEST,
      customer_id: customerId,
      detail: { username, role: 'owner' },
    });
    return generated;
  }
}
