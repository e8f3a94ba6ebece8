import { Injectable } from '@nestjs/common';
import { reachOf, type Caller } from '#access-control';
import { AuditLog, type AuditEventDetails } from '#audit-log';
import {
  Database,
  type Queryable,
  selectColumns,
  timeOrderedId,
  type Transaction,
  violatesUnique,
} from '#database';
import { Clock, Problem } from '#http-api';
import { BUILT_IN_SCOPES } from '#oauth-protocol';
import { ScopeEntity } from '../scope.entity.js';
import type { CreateScopeDto, UpdateScopeDto } from './scope.dto.js';

const COLUMNS = selectColumns(ScopeEntity, 's');

/** The scopes that clients can be given: the built-in ones, and each customer's own. */
@Injectable()
export class ScopeCatalogue {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Writes the built-in scopes of this release; run at every start. */
  async ensureBuiltIn(queryable: Queryable): Promise<void> {
    const rows = Object.entries(BUILT_IN_SCOPES).map(([name, description]) => ({
      id: timeOrderedId(),
      name,
      description,
    }));
    await queryable.query(
      `INSERT INTO scopes (id, customer_id, name, description, built_in, created_at, updated_at)
       SELECT id, NULL, name, description, true, $2, $2
       FROM jsonb_to_recordset($1::jsonb) AS scope(id uuid, name text, description text)
       ON CONFLICT (customer_id, name) DO UPDATE SET description = EXCLUDED.description, updated_at = EXCLUDED.updated_at
       WHERE scopes.description <> EXCLUDED.description`,
      [JSON.stringify(rows), this.clock.now()],
    );
  }

  /**
   * Every scope is in the customer's catalogue, and stays there until the transaction ends.
   * @throws Problem that names each one that is not
   */
  async require(transaction: Queryable, customerId: string, scopes: readonly string[]): Promise<void> {
    const { rows } = await transaction.query<{ name: string }>(
      `SELECT name FROM scopes WHERE name = ANY($1) AND (customer_id IS NULL OR customer_id = $2) FOR SHARE`,
      [scopes, customerId],
    );
    const known = new Set(rows.map(({ name }) => name));
    const errors = scopes.flatMap((scope, index) =>
      known.has(scope) ? [] : [{ field: `scopes[${index}]`, message: 'is not a scope of the catalogue' }],
    );
    if (errors.length > 0) throw Problem.invalid(errors);
  }

  /** Scopes in words, in the order given; one that is in the catalogue no more is its own name. */
  async describe(
    customerId: string,
    scopes: readonly string[],
  ): Promise<{ name: string; description: string }[]> {
    const { rows } = await this.database.query<{ name: string; description: string }>(
      'SELECT name, description FROM scopes WHERE name = ANY($1) AND (customer_id IS NULL OR customer_id = $2)',
      [scopes, customerId],
    );
    const descriptions = new Map(rows.map(({ name, description }) => [name, description]));
    return scopes.map((name) => ({ name, description: descriptions.get(name) || name }));
  }

  async create(caller: Caller, { name, description }: CreateScopeDto): Promise<ScopeEntity> {
    if (Object.hasOwn(BUILT_IN_SCOPES, name)) throw Problem.conflict('name', 'is a built-in scope');
    const now = this.clock.now();
    const { customerId } = caller;
    const scope = {
      id: timeOrderedId(),
      customerId,
      name,
      description,
      builtIn: false,
      createdAt: now,
      updatedAt: now,
    };
    return this.database.transaction(async (transaction) => {
      try {
        await transaction.manager.insert(ScopeEntity, scope);
      } catch (error) {
        if (violatesUnique(error, 'scopes_name_unique')) throw Problem.conflict('name', 'is taken');
        throw error;
      }
      await this.record(transaction, caller, scope, 'scope.created', { name });
      return scope;
    });
  }

  async change(caller: Caller, name: string, { description }: UpdateScopeDto): Promise<ScopeEntity> {
    return this.database.transaction(async (transaction) => {
      const before = await this.lock(transaction, caller, name);
      const after = { ...before, description, updatedAt: this.clock.now() };
      await transaction.manager.update(
        ScopeEntity,
        { id: before.id },
        { description, updatedAt: after.updatedAt },
      );
      await this.record(transaction, caller, after, 'scope.updated', { name, fields: ['description'] });
      return after;
    });
  }

  /** @throws Problem 409 while a client has it */
  async remove(caller: Caller, name: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const scope = await this.lock(transaction, caller, name);
      const { rowCount } = await transaction.query(
        'SELECT 1 FROM clients WHERE scopes @> $1::text[] AND customer_id = $2 LIMIT 1',
        [[name], scope.customerId],
      );
      if (rowCount > 0) throw Problem.conflict('name', 'is in use by a client');
      await transaction.manager.delete(ScopeEntity, { id: scope.id });
      await this.record(transaction, caller, scope, 'scope.deleted', { name });
    });
  }

  private async lock(transaction: Transaction, caller: Caller, name: string): Promise<ScopeEntity> {
    if (Object.hasOwn(BUILT_IN_SCOPES, name))
      throw Problem.conflict('name', 'is a built-in scope and cannot be changed');
    const { rows } = await transaction.query<ScopeEntity>(
      `SELECT ${COLUMNS} FROM scopes s WHERE s.name = $1 AND NOT s.built_in AND ($2::text IS NULL OR s.customer_id = $2)
       ORDER BY s.customer_id = $3 DESC LIMIT 1 FOR UPDATE`,
      [name, reachOf(caller, 'change') ?? null, caller.customerId],
    );
    if (!rows[0]) throw Problem.notFound('scope');
    return rows[0];
  }

  private record<Type extends 'scope.created' | 'scope.updated' | 'scope.deleted'>(
    transaction: Transaction,
    { actor, origin }: Caller,
    { customerId }: ScopeEntity,
    type: Type,
    detail: AuditEventDetails[Type],
  ): Promise<void> {
    return this.audit.record(transaction, { type, actor, origin, customer_id: customerId, detail });
  }
}
