import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit-log';
import { Database, type Queryable } from '#database';
import { Clock } from '#http-api';
import { OAuthError } from '#oauth-protocol';
import { AuthorizationGrants, type LockedGrant } from '../../authorization-grants/authorization-grants.js';
import { AccessTokenIssuer } from '../../issuing/access-token-issuer.js';
import { AccessTokenTexts, type AccessTokenWriter } from '../../issuing/access-token-texts.js';
import { isBeyondGrace, RefreshTokens, type RefreshToken } from '../../refresh-tokens.js';
import { requiredParameter } from '../required-parameter.js';
import { requireRegistered, type GivenTokens, type Grant, type TokenRequest } from './grant.js';
import { narrowedScopes, scopesStillGiven } from './granted-scopes.js';
import { settle, type Outcome } from './refusal.js';

/** RFC 6749 §6, with rotation (RFC 9700 §4.14.2). */
@Injectable()
export class RefreshTokenGrant implements Grant {
  readonly grantType = 'refresh_token';

  constructor(
    private readonly database: Database,
    private readonly refreshTokens: RefreshTokens,
    private readonly grants: AuthorizationGrants,
    private readonly issuer: AccessTokenIssuer,
    private readonly texts: AccessTokenTexts,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * 1. The client is registered for this grant, and the request holds a refresh token.
   * 2. That was issued to this client; another's attempt leaves it as it is.
   * 3. Nothing took its place yet, but for within the grace, and of what the grace gave beside it,
   *    nothing went on: a replay ends the whole family.
   * 4. It has not expired, its grant has not ended, and the person is active.
   * 5. The scopes are its own, or fewer (§6), as far as client and person still have them.
   * 6. Another takes its place, once; with the same scopes, so that narrowing is for this time only.
   * 7. All of that, and what is on record of it, is durable together, or none of it is.
   */
  async handle(request: TokenRequest): Promise<GivenTokens> {
    requireRegistered(request.client, this.grantType);
    const presented = requiredParameter(request.parameters, 'refresh_token');
    const write = await this.texts.writerFor(request.client);
    return settle(this.database, (transaction) => this.redeem(transaction, presented, request, write));
  }

  private async redeem(
    transaction: Queryable,
    presented: string,
    request: TokenRequest,
    write: AccessTokenWriter,
  ): Promise<Outcome> {
    const { client, parameters } = request;
    const known = await this.refreshTokens.find(transaction, presented);
    const given = known && (await this.grants.lock(transaction, known.grantId));
    if (!given || given.grant.client !== client.id) return invalidToken();
    // As it is now that nobody else changes its family.
    const token = (await this.refreshTokens.find(transaction, presented))!;
    const at = this.clock.now();
    if (await this.isReplay(transaction, token, at)) return this.replayed(transaction, given, request, at);
    if (at >= token.expiresAt || given.grant.revokedAt || !given.person.active) return invalidToken();
    const asked = narrowedScopes(parameters.get('scope'), token.scopes);
    const scopes = scopesStillGiven(asked, client, given);
    if (scopes.length === 0) throw new OAuthError('invalid_scope', 'Nothing is left of what was granted.');
    const rotated = token.rotatedAt || (await this.refreshTokens.rotate(transaction, token.id, at));
    const { grant } = given;
    const refreshToken =
      rotated &&
      (await this.refreshTokens.issue(transaction, {
        grant,
        client,
        scopes: token.scopes,
        parent: token.id,
        issuedAt: at,
      }));
    if (!refreshToken) return invalidToken();
    return {
      issued: await this.giveAccess(transaction, { given, scopes, at }, request, write),
      refreshToken,
    };
  }

  private async isReplay(transaction: Queryable, token: RefreshToken, at: Date): Promise<boolean> {
    if (isBeyondGrace(token.rotatedAt, at) || isBeyondGrace(token.siblingRotatedAt, at)) return true;
    return token.rotatedAt !== null && (await this.refreshTokens.childWasRotated(transaction, token.id));
  }

  private async giveAccess(
    transaction: Queryable,
    { given, scopes, at }: { given: LockedGrant; scopes: string[]; at: Date },
    { client, origin, claims }: TokenRequest,
    write: AccessTokenWriter,
  ): Promise<GivenTokens['issued']> {
    const actor = { kind: 'client' as const, id: client.clientId };
    const expiresAt = new Date(at.getTime() + client.accessTokenTtl * 1000);
    const issued = await this.issuer.issueWithin(
      transaction,
      { client, grantType: this.grantType, scopes, issuedAt: at, expiresAt, given, actor, origin, claims },
      write,
    );
    await this.audit.record(transaction, {
      type: 'refresh_token.rotated',
      actor,
      origin,
      client_id: client.clientId,
      token_id: issued.token.id,
      customer_id: given.grant.customerId,
      detail: { scopes },
    });
    return issued;
  }

  private async replayed(
    transaction: Queryable,
    { grant, person }: LockedGrant,
    { client, origin }: TokenRequest,
    at: Date,
  ): Promise<OAuthError> {
    const tokensRevoked = await this.grants.end(transaction, grant.id, at);
    await this.audit.record(transaction, {
      type: 'refresh_token.replayed',
      actor: { kind: 'client', id: client.clientId },
      origin,
      client_id: client.clientId,
      customer_id: grant.customerId,
      detail: {
        message: `${client.clientId} presented a refresh token of ${person.username} again that another had taken the place of; all that stems from the same sign-in was revoked.`,
        tokens_revoked: tokensRevoked,
      },
    });
    return invalidToken();
  }
}

/** One answer for every way in which a refresh token is none: unknown, another's, late, replayed or revoked. */
function invalidToken(): OAuthError {
  return new OAuthError('invalid_grant', 'The refresh token is not valid, has expired, or was used before.');
}
