import { Injectable } from '@nestjs/common';
import { requireOwner, StepUp, type Caller } from '#access-control';
import { AuditLog } from '#audit-log';
import { Database, type Queryable, type Transaction } from '#database';
import { Clock, Problem } from '#http-api';
import { ROLES, type Role } from '#oauth-protocol';
import { acting } from '../../acting.js';
import { OperatorStore } from '../../administration/operator-store.js';
import { ForcedSignOut } from '../../forced-sign-out.js';
import { FactorStandings, hasFactorSql, requiresFactorSql } from '../factor-standing.js';

interface Person {
  id: string;
  username: string;
  customerId: string;
}

/** Which roles require a second factor, of every customer's people. */
@Injectable()
export class SecondFactorPolicy {
  constructor(
    private readonly database: Database,
    private readonly store: OperatorStore,
    private readonly standings: FactorStandings,
    private readonly signOut: ForcedSignOut,
    private readonly stepUp: StepUp,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** From the least role to the most. */
  async requiredRoles(queryable: Queryable = this.database): Promise<Role[]> {
    const { rows } = await queryable.query<{ role: Role }>('SELECT role FROM second_factor_policies');
    return ROLES.filter((role) => rows.some((row) => row.role === role));
  }

  /**
   * 1. An owner asks, in person, who has shown his own second factor lately where he has one.
   * 2. What he requires of owners he has himself, so that not all of them are shut out.
   * 3. Whoever has to have a factor from now on, and has none, is signed out with the same transaction.
   * @throws NoOwner 403, StaleSecondFactor 401, Problem 409
   */
  async change(caller: Caller, roles: readonly Role[]): Promise<Role[]> {
    requireOwner(caller);
    await this.stepUp.require(caller);
    return this.database.transaction(async (transaction) => {
      await this.store.alone(transaction);
      const before = await this.requiredRoles(transaction);
      const required = ROLES.filter((role) => roles.includes(role));
      const added = required.filter((role) => !before.includes(role));
      if (added.includes('owner') && !(await this.standings.of(transaction, caller.operator!.id)).enrolled)
        throw Problem.conflict(
          'required_roles',
          'cannot hold owner while you have no second factor yourself',
        );
      if (added.length === 0 && required.length === before.length) return required;
      await transaction.query('DELETE FROM second_factor_policies WHERE role <> ALL ($1)', [required]);
      await transaction.query(
        `INSERT INTO second_factor_policies (role, required_since) SELECT role, $2 FROM unnest($1::text[]) AS role
         ON CONFLICT (role) DO NOTHING`,
        [required, this.clock.now()],
      );
      await this.audit.record(transaction, {
        type: 'second_factor.policy_changed',
        ...acting(caller),
        customer_id: caller.customerId,
        detail: {
          required_roles: required,
          people_signed_out: await this.signOutWithoutFactor(transaction, caller, added),
        },
      });
      return required;
    });
  }

  /**
   * Signs out whoever has no factor of those whose role requires one, or is signed in without it: by an
   * instance that knew of none. They are held first, as whoever changes a person's sessions holds him.
   * @param roles of these alone
   * @param operator of these only this one
   * @returns how many people
   */
  async signOutWithoutFactor(
    transaction: Transaction,
    caller: Caller,
    roles: readonly Role[],
    operator?: string,
  ): Promise<number> {
    const at = this.clock.now();
    const { rows: people } = await transaction.query<Person>(
      `SELECT o.id, o.username, o.customer_id AS "customerId" FROM operators o
       WHERE o.role = ANY ($1) AND ($2::uuid IS NULL OR o.id = $2) AND o.last_signed_in_at IS NOT NULL
         AND ${requiresFactorSql('o.role')} AND (NOT ${hasFactorSql('o.id')} OR EXISTS (
           SELECT FROM operator_sessions s WHERE s.operator = o.id AND s.second_factor_at IS NULL))
       ORDER BY o.id FOR NO KEY UPDATE OF o`,
      [roles, operator ?? null],
    );
    for (const person of people)
      await this.signOut.end(transaction, acting(caller), person, at, 'second_factor_required');
    return people.length;
  }
}
