import { Injectable } from '@nestjs/common';
import { reachOf, requireRank, StepUp, type Caller } from '#access-control';
import { AuditLog, type AuditEventDetails } from '#audit-log';
import { Database, timeOrderedId, type Transaction, violatesForeignKey, violatesUnique } from '#database';
import { Clock, Problem, requireMatch } from '#http-api';
import { acting } from '../acting.js';
import { ForcedSignOut } from '../forced-sign-out.js';
import { OperatorGrants } from '../operator-grants.port.js';
import { OperatorEntity } from '../operator.entity.js';
import { passwordFault, Passwords } from '../passwords.js';
import { SecondFactorPolicy } from '../second-factor/administration/second-factor-policy.js';
import { endSessionsOf } from '../sign-in/sessions-of-person.js';
import type { CreateOperatorDto, UpdateOperatorDto } from './operator.dto.js';
import { operatorETag } from './operator.presenter.js';
import { OperatorStore } from './operator-store.js';
import type { SeenOperator } from './seen-operator.js';

/** Adds, changes and removes people; each with its audit event, in one transaction. */
@Injectable()
export class OperatorRegistry {
  constructor(
    private readonly database: Database,
    private readonly store: OperatorStore,
    private readonly passwords: Passwords,
    private readonly grants: OperatorGrants,
    private readonly signOut: ForcedSignOut,
    private readonly policy: SecondFactorPolicy,
    private readonly stepUp: StepUp,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws StaleSecondFactor 401 without a recent second factor: whoever makes a person can be that person */
  async add(caller: Caller, dto: CreateOperatorDto): Promise<SeenOperator> {
    const customerId = dto.customer_id ?? caller.customerId;
    const reach = reachOf(caller, 'change');
    if (reach !== undefined && customerId !== reach)
      throw Problem.invalidField('customer_id', 'is not a customer of yours');
    requireRank(caller, dto.role);
    await this.stepUp.require(caller);
    requireGoodPassword(dto.username, dto.password);
    const now = this.clock.now();
    const operator: OperatorEntity = {
      id: timeOrderedId(),
      customerId,
      username: dto.username,
      email: dto.email ?? null,
      role: dto.role,
      active: dto.active ?? true,
      passwordHash: await this.passwords.hash(dto.password),
      version: 1,
      createdAt: now,
      updatedAt: now,
      lastSignedInAt: null,
    };
    return this.database.transaction(async (transaction) => {
      await insert(transaction, operator);
      const { username, role } = operator;
      await this.record(transaction, caller, operator, 'operator.created', { username, role });
      return { ...operator, hasSecondFactor: false };
    });
  }

  /**
   * Changes what the request names and nothing else. A new password ends the person's sessions, and what
   * the console and Swagger UI got by them, and so does a role that requires a second factor where he has
   * none; deactivating ends all his grants, codes and tokens too.
   * @throws Problem 412 for a stale `If-Match`, 409 where nobody would be owner any more
   * @throws StaleSecondFactor 401 without a recent second factor, as to make a person
   */
  async change(caller: Caller, id: string, dto: UpdateOperatorDto, ifMatch?: string): Promise<SeenOperator> {
    const passwordHash = dto.password === undefined ? undefined : await this.passwords.hash(dto.password);
    return this.database.transaction(async (transaction) => {
      const before = await this.store.lock(transaction, caller, id);
      requireMatch(ifMatch, operatorETag(before));
      requireRank(caller, before.role);
      if (dto.role !== undefined) requireRank(caller, dto.role);
      await this.stepUp.require(caller, transaction);
      if (dto.password !== undefined) requireGoodPassword(before.username, dto.password);
      const fields = Object.keys(dto).filter((field) => dto[field as keyof UpdateOperatorDto] !== undefined);
      if (fields.length === 0) return before;
      const { role = before.role, active = before.active, email = before.email } = dto;
      const changes = {
        role,
        active,
        email,
        passwordHash: passwordHash ?? before.passwordHash,
        version: before.version + 1,
        updatedAt: this.clock.now(),
      };
      if (role !== 'owner') await this.requireOwnerBeside(transaction, before, 'role');
      if (!active) await this.requireOwnerBeside(transaction, before, 'active');
      await transaction.manager.update(OperatorEntity, { id }, changes);
      if (passwordHash !== undefined || !active) await endSessionsOf(transaction, id);
      if (!active) await this.grants.endAll(transaction, id, changes.updatedAt, 'person_deactivated');
      else if (passwordHash !== undefined)
        await this.signOut.end(transaction, acting(caller), before, changes.updatedAt, 'password_changed');
      else if (role !== before.role) await this.policy.signOutWithoutFactor(transaction, caller, [role], id);
      const { username } = before;
      await this.record(transaction, caller, before, 'operator.updated', {
        username,
        role: dto.role,
        active: dto.active,
        fields,
      });
      return { ...before, ...changes };
    });
  }

  /** Removes a person with his sessions, grants, codes and tokens. @throws Problem 409 for the last active owner */
  async remove(caller: Caller, id: string, ifMatch?: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const operator = await this.store.lock(transaction, caller, id);
      requireMatch(ifMatch, operatorETag(operator));
      requireRank(caller, operator.role);
      await this.requireOwnerBeside(transaction, operator, 'id');
      const ended = await this.grants.endAll(transaction, id, this.clock.now(), 'person_deleted');
      await transaction.manager.delete(OperatorEntity, { id });
      const { username } = operator;
      await this.record(transaction, caller, operator, 'operator.deleted', {
        username,
        tokens_revoked: ended,
      });
    });
  }

  /** For a change after which this person is no active owner: another one must be. */
  private async requireOwnerBeside(
    transaction: Transaction,
    { id, role, active }: OperatorEntity,
    field: 'role' | 'active' | 'id',
  ): Promise<void> {
    if (role !== 'owner' || !active || (await this.store.hasOtherOwner(transaction, id))) return;
    throw Problem.conflict(field, 'is of the last active owner; make another one first');
  }

  private record<Type extends 'operator.created' | 'operator.updated' | 'operator.deleted'>(
    transaction: Transaction,
    { actor, origin, clientId, tokenId }: Caller,
    { customerId }: OperatorEntity,
    type: Type,
    detail: AuditEventDetails[Type],
  ): Promise<void> {
    const event = { actor, origin, client_id: clientId, token_id: tokenId, customer_id: customerId };
    return this.audit.record(transaction, { type, ...event, detail });
  }
}

function requireGoodPassword(username: string, password: string): void {
  const fault = passwordFault(username, password);
  if (fault) throw Problem.invalidField('password', fault);
}

async function insert(transaction: Transaction, operator: OperatorEntity): Promise<void> {
  try {
    await transaction.manager.insert(OperatorEntity, operator);
  } catch (error) {
    if (violatesUnique(error, 'operators_username_unique')) throw Problem.conflict('username', 'is taken');
    if (violatesForeignKey(error)) throw Problem.invalidField('customer_id', 'is not a customer');
    throw error;
  }
}
