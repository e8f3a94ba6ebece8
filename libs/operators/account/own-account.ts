import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { PersonCaller } from '#access-control';
import { AuditLog, type AuditEventDetails } from '#audit-log';
import { Database, type Transaction } from '#database';
import { Clock, Problem } from '#http-api';
import { OperatorStore } from '../administration/operator-store.js';
import { OperatorGrants, type SignIns } from '../operator-grants.port.js';
import { passwordFault, Passwords } from '../passwords.js';
import { endSessionsOf, Sessions } from '../sign-in/sessions.js';
import type { ChangePasswordDto } from './account.dto.js';
import { notHis, PasswordProof } from './password-proof.js';

/** What a person changes about himself; each with its audit events, in one transaction. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly database: Database,
    private readonly store: OperatorStore,
    private readonly proof: PasswordProof,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly grants: OperatorGrants,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * 1. The new password is one that could be his.
   * 2. The current one is his; whoever guesses is counted, and slowed down, as at the sign-in page.
   * 3. Nobody has changed it meanwhile; then he is signed out everywhere else.
   * @throws Problem 400 naming the field, 429 where too many have failed
   */
  async changePassword(
    caller: PersonCaller,
    request: FastifyRequest,
    { current_password: current, new_password: next }: ChangePasswordDto,
  ): Promise<void> {
    const { username } = await this.store.self(caller);
    const fault = next === current ? 'must not be the current one' : passwordFault(username, next);
    if (fault) throw Problem.invalidField('new_password', fault);
    const before = await this.proof.require(caller, username, current);
    const passwordHash = await this.passwords.hash(next);
    await this.database.transaction(async (transaction) => {
      const at = this.clock.now();
      const { rowCount } = await transaction.query(
        `UPDATE operators SET password_hash = $3, version = version + 1, updated_at = $4
         WHERE id = $1 AND active AND password_hash = $2`,
        [before.id, before.passwordHash, passwordHash, at],
      );
      if (rowCount === 0) throw notHis();
      await this.sessions.endOthers(transaction, before.id, request);
      await this.record(transaction, caller, 'operator.updated', { username, fields: ['password'] });
      // The token that this is called with stays, and with it what this browser goes on with.
      await this.endTokens(transaction, caller, at, { allBut: caller.tokenId! }, 'password_changed');
    });
  }

  /** Signs one browser out. @throws Problem 404 where the session is not his, or over */
  async endSession(caller: PersonCaller, id: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await this.store.hold(transaction, caller);
      const signedInAt = await this.sessions.endOne(transaction, caller.operator.id, id);
      if (!signedInAt) throw Problem.notFound('session');
      await this.endTokens(transaction, caller, this.clock.now(), { at: signedInAt }, 'signed_out');
    });
  }

  /** Signs this browser out, where its session is his: its other tabs too. */
  async endThisSession(caller: PersonCaller, request: FastifyRequest): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await this.store.hold(transaction, caller);
      const signedInAt = await this.sessions.endThis(transaction, caller.operator.id, request);
      if (!signedInAt) return;
      await this.endTokens(transaction, caller, this.clock.now(), { at: signedInAt }, 'signed_out');
    });
  }

  /** Signs every browser out, this one too. */
  async signOutEverywhere(caller: PersonCaller): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await this.store.hold(transaction, caller);
      await endSessionsOf(transaction, caller.operator.id);
      await this.endTokens(transaction, caller, this.clock.now(), 'all', 'signed_out');
    });
  }

  private async endTokens(
    transaction: Transaction,
    caller: PersonCaller,
    at: Date,
    signIns: SignIns,
    reason: 'password_changed' | 'signed_out',
  ): Promise<void> {
    const count = await this.grants.endFirstParty(transaction, caller.operator.id, at, signIns);
    if (count === 0) return;
    const detail = { reason, count, operator: caller.actor.id ?? undefined };
    await this.record(transaction, caller, 'access_token.revoked', detail);
  }

  private record<Type extends 'operator.updated' | 'access_token.revoked'>(
    transaction: Transaction,
    { actor, origin, clientId, tokenId, customerId }: PersonCaller,
    type: Type,
    detail: AuditEventDetails[Type],
  ): Promise<void> {
    const event = { actor, origin, client_id: clientId, token_id: tokenId, customer_id: customerId };
    return this.audit.record(transaction, { type, ...event, detail });
  }
}
