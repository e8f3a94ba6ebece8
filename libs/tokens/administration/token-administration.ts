import { Injectable } from '@nestjs/common';
import { reachOf, requireRank, StepUp, type Caller } from '#access-control';
import type { Role } from '#oauth-protocol';
import { AuditLog } from '#audit-log';
import { Database, selectColumns } from '#database';
import { Clock, Problem } from '#http-api';
import { Vault } from '#sealing';
import { AccessTokenEntity } from '../access-token.entity.js';
import { AuthorizationGrants } from '../authorization-grants/authorization-grants.js';
import { ClientDirectory } from '../client-directory.port.js';
import { AccessTokenIssuer, type IssuedToken } from '../issuing/access-token-issuer.js';
import { MAX_YEARS, type HandOutTokenDto } from './access-token.dto.js';

/** What operators do with tokens: hand one out, look at one, revoke one or all of a client's. */
@Injectable()
export class TokenAdministration {
  constructor(
    private readonly database: Database,
    private readonly clients: ClientDirectory,
    private readonly grants: AuthorizationGrants,
    private readonly issuer: AccessTokenIssuer,
    private readonly audit: AuditLog,
    private readonly vault: Vault,
    private readonly stepUp: StepUp,
    private readonly clock: Clock,
  ) {}

  /**
   * A token with a chosen expiry, for whoever cannot fetch his own. It never has more than its client.
   * @throws Problem 409 for a client whose tokens are all bound to a key: nobody shows one here; 401 for
   *   one that may reveal, without a recent second factor
   */
  async handOut(
    caller: Caller,
    clientId: string,
    { expires_at, expires_in, scopes, note }: HandOutTokenDto,
  ): Promise<IssuedToken> {
    const issuedAt = this.clock.now();
    const expiresAt = expiryOf(expires_at, expires_in, issuedAt);
    const client = await this.clients.forHandingOut(caller, clientId);
    if (client.dpopBoundAccessTokens)
      throw Problem.conflict(
        'client_id',
        'is a client whose tokens are bound to a key (dpop_bound_access_tokens); it fetches them itself',
      );
    const errors = (scopes ?? []).flatMap((scope, index) =>
      client.scopes.includes(scope)
        ? []
        : [{ field: `scopes[${index}]`, message: 'is not a scope of the client' }],
    );
    if (errors.length > 0) throw Problem.invalid(errors);
    const { actor, origin } = caller;
    const granted = scopes ?? client.scopes;
    await this.stepUp.requireToHold(caller, granted);
    return this.issuer.issue({
      client,
      grantType: 'operator',
      scopes: granted,
      issuedAt,
      expiresAt,
      note,
      actor,
      origin,
    });
  }

  async see(caller: Caller, id: string): Promise<AccessTokenEntity> {
    const { rows } = await this.database.query<AccessTokenEntity>(
      `SELECT ${selectColumns(AccessTokenEntity, 't')} FROM access_tokens t
       WHERE t.id = $1 AND ($2::text IS NULL OR t.customer_id = $2)`,
      [id, reachOf(caller, 'see') ?? null],
    );
    if (!rows[0]) throw Problem.notFound('token');
    return rows[0];
  }

  /**
   * A token again, out of the vault. The look is on record before the token leaves.
   * @throws LackingRank 403 for the token of a person who is above the caller
   * @throws Problem 409 while there is no vault, or the token is not in it; 401 without a recent second factor
   */
  async reveal(caller: Caller, id: string): Promise<string> {
    this.vault.requireOn();
    await this.stepUp.require(caller);
    const token = await this.see(caller, id);
    const client = await this.clients.forRevealing(caller, token.clientId);
    // A client_id may be used again; what was its namesake's is not its own.
    if (client.id !== token.client) throw Problem.notFound('token');
    return this.database.transaction(async (transaction) => {
      const { rows } = await transaction.query<{ sealed: string | null; role: Role | null }>(
        `SELECT t.sealed, o.role FROM access_tokens t LEFT JOIN operators o ON o.id = t.operator WHERE t.id = $1`,
        [id],
      );
      // Whoever sees a person's token can be that person.
      if (token.operator) requireRank(caller, rows[0]?.role ?? 'owner');
      const accessToken = this.vault.reveal(rows[0]?.sealed ?? null, 'access_tokens.sealed', id);
      await this.audit.record(transaction, {
        type: 'credential.revealed',
        actor: caller.actor,
        origin: caller.origin,
        client_id: token.clientId,
        token_id: id,
        customer_id: token.customerId,
        detail: { credential: 'access_token' },
      });
      return accessToken;
    });
  }

  /** Revokes one token, from the next call on. Again is no error, and no second event. */
  async revoke(caller: Caller, id: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const { rows } = await transaction.query<{
        clientId: string;
        customerId: string;
        revokedAt: Date | null;
      }>(
        `SELECT client_id AS "clientId", customer_id AS "customerId", revoked_at AS "revokedAt" FROM access_tokens
         WHERE id = $1 AND ($2::text IS NULL OR customer_id = $2) FOR UPDATE`,
        [id, reachOf(caller, 'change') ?? null],
      );
      const [token] = rows;
      if (!token) throw Problem.notFound('token');
      if (token.revokedAt) return;
      await transaction.query('UPDATE access_tokens SET revoked_at = $2 WHERE id = $1', [
        id,
        this.clock.now(),
      ]);
      await this.audit.record(transaction, {
        type: 'access_token.revoked',
        actor: caller.actor,
        origin: caller.origin,
        client_id: token.clientId,
        token_id: id,
        customer_id: token.customerId,
        detail: { reason: 'operator' },
      });
    });
  }

  /** Revokes all tokens of a client: access and refresh tokens, and the codes that were not redeemed yet. */
  async revokeAll(caller: Caller, clientId: string): Promise<void> {
    const client = await this.clients.forRevoking(caller, clientId);
    await this.database.transaction(async (transaction) => {
      const at = this.clock.now();
      const { grants, accessTokens: count } = await this.grants.endAllOf(
        transaction,
        { client: client.id },
        at,
      );
      if (grants + count === 0) return;
      await this.audit.record(transaction, {
        type: 'access_token.revoked',
        actor: caller.actor,
        origin: caller.origin,
        client_id: client.clientId,
        customer_id: client.customerId,
        detail: { reason: 'all_of_client', count },
      });
    });
  }
}

function expiryOf(expiresAt: Date | undefined, expiresIn: number | undefined, now: Date): Date {
  if (expiresAt && expiresIn !== undefined)
    throw Problem.invalidField('expires_in', 'does not go together with expires_at');
  const field = expiresAt ? 'expires_at' : 'expires_in';
  const expiry = expiresAt ?? new Date(now.getTime() + expiresIn! * 1000);
  if (expiry <= now) throw Problem.invalidField(field, 'must be in the future');
  const latest = new Date(now);
  latest.setUTCFullYear(now.getUTCFullYear() + MAX_YEARS);
  if (expiry > latest) throw Problem.invalidField(field, 'must be within five years');
  return expiry;
}
