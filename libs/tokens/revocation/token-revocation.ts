import { Injectable } from '@nestjs/common';
import type { AuthenticatedClient, RequestOrigin } from '#access-control';
import { AuditLog, type AuditEventDetails } from '#audit-log';
import { Database, type Queryable } from '#database';
import { Clock } from '#http-api';
import { OAuthError } from '#oauth-protocol';
import { Metrics, type Counter } from '#observability';
import { AuthorizationGrants } from '../authorization-grants/authorization-grants.js';
import type { RefreshTokenEntity } from '../refresh-token.entity.js';
import { RefreshTokens } from '../refresh-tokens.js';
import { TokenRecords, type StoredToken } from '../verification/token-records.js';

/** Who wants a token revoked: the client that it was issued to. */
export interface RevokingClient {
  client: AuthenticatedClient;
  origin: RequestOrigin;
}

/** RFC 7009 §2.1: a client ends a token of its own. */
@Injectable()
export class TokenRevocation {
  private readonly requests: Counter;

  constructor(
    private readonly database: Database,
    private readonly records: TokenRecords,
    private readonly refreshTokens: RefreshTokens,
    private readonly grants: AuthorizationGrants,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.requests = metrics.counter({
      name: 'postern_revocations_total',
      help: 'Revocations that clients asked for: revoked, or nothing where there was nothing to revoke.',
      labels: ['outcome'],
    });
  }

  /**
   * 1. The shape of the token tells its kind; a hint could only tell less (§2.1).
   * 2. One that is not there needs no revoking (§2.2).
   * 3. One of another client stays, and that is said: `unauthorized_client`.
   * 4. A refresh token, a rotated one too, ends its whole family; an access token ends alone.
   * 5. Again is no error, and no second event. It is durable before it is answered.
   */
  async revoke(token: string, by: RevokingClient): Promise<void> {
    this.requests.add((await this.end(token, by)) ? 'revoked' : 'nothing');
  }

  /** @returns whether it was good before */
  private async end(token: string, by: RevokingClient): Promise<boolean> {
    const accessToken = await this.records.find(token);
    if (accessToken) return this.revokeAccessToken(accessToken.token, by);
    const refreshToken = await this.refreshTokens.find(this.database, token);
    return refreshToken ? this.revokeFamily(refreshToken, by) : false;
  }

  private async revokeAccessToken(token: StoredToken, by: RevokingClient): Promise<boolean> {
    requireOwn(token.client, by.client);
    return this.database.transaction(async (transaction) => {
      const { rowCount } = await transaction.query(
        'UPDATE access_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL',
        [token.id, this.clock.now()],
      );
      if (rowCount === 0) return false;
      await this.record(transaction, by, token.customerId, token.id, { reason: 'client' });
      return true;
    });
  }

  private async revokeFamily({ grantId }: RefreshTokenEntity, by: RevokingClient): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const locked = await this.grants.lock(transaction, grantId);
      if (!locked) return false;
      const { grant, person } = locked;
      requireOwn(grant.client, by.client);
      if (grant.revokedAt) return false;
      const count = await this.grants.end(transaction, grant.id, this.clock.now());
      await this.record(transaction, by, grant.customerId, null, {
        reason: 'refresh_token_revoked',
        count,
        operator: person.username,
      });
      return true;
    });
  }

  private record(
    transaction: Queryable,
    { client, origin }: RevokingClient,
    customerId: string,
    tokenId: string | null,
    detail: AuditEventDetails['access_token.revoked'],
  ): Promise<void> {
    return this.audit.record(transaction, {
      type: 'access_token.revoked',
      actor: { kind: 'client', id: client.clientId },
      origin,
      client_id: client.clientId,
      token_id: tokenId,
      customer_id: customerId,
      detail,
    });
  }
}

/** By the row: a `client_id` that is used again is another client. */
function requireOwn(owner: string, client: AuthenticatedClient): void {
  if (owner !== client.id)
    throw new OAuthError('unauthorized_client', 'The token was not issued to this client.');
}
