import { Injectable } from '@nestjs/common';
import { DpopProofs } from '#access-control';
import { AuditLog } from '#audit-log';
import { PublicUrl } from '#configuration';
import { Database, type Queryable } from '#database';
import { Clock } from '#http-api';
import { OAuthError } from '#oauth-protocol';
import { AuthorizationGrants, type LockedGrant } from '../../authorization-grants/authorization-grants.js';
import { AccessTokenIssuer, type IssuedToken } from '../../issuing/access-token-issuer.js';
import { AccessTokenTexts, type AccessTokenWriter } from '../../issuing/access-token-texts.js';
import { boundKeyOf, isBeyondGrace, RefreshTokens, type RefreshToken } from '../../refresh-tokens.js';
import { requiredParameter } from '../required-parameter.js';
import { issueAccessOfGrant, type AccessOfGrant } from './access-of-grant.js';
import { requireRegistered, type GivenTokens, type Grant, type TokenRequest } from './grant.js';
import { narrowedScopes, scopesStillGiven } from './granted-scopes.js';
import { audienceStillGiven } from './audience-still-given.js';
import { settle, type Outcome } from './refusal.js';

/**
 * RFC 6749 §6, with rotation (RFC 9700 §4.14.2); without it for a client of the profile fapi2, which proves who
 * it is by its key each time (FAPI 2.0 Security Profile §5.3.2.1).
 */
@Injectable()
export class RefreshTokenGrant implements Grant {
  readonly grantType = 'refresh_token';

  constructor(
    private readonly database: Database,
    private readonly refreshTokens: RefreshTokens,
    private readonly grants: AuthorizationGrants,
    private readonly issuer: AccessTokenIssuer,
    private readonly texts: AccessTokenTexts,
    private readonly proofs: DpopProofs,
    private readonly publicUrl: PublicUrl,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * 1. The client is registered for this grant, and the request holds a refresh token.
   * 2. That was issued to this client; another's attempt leaves it as it is.
   * 3. Nothing took its place yet, but for within the grace, and of what the grace gave beside it,
   *    nothing went on: a replay ends the whole family.
   * 4. It has not expired, its grant has not ended, the person is active, and the key that it is bound to is shown.
   * 5. The scopes are its own, or fewer (§6), as far as client and person still have them; so are the resources.
   * 6. The proof, where there is one, is shown for the first time.
   * 7. Another takes its place, once; with the same scopes, so that narrowing is for this time only, and bound
   *    to the key that it was bound to, or that a public client has shown now (RFC 9449 §5).
   * 8. All of that, and what is on record of it, is durable together, or none of it is.
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
    const { client, parameters, proof } = request;
    const known = await this.refreshTokens.find(transaction, presented);
    const given = known && (await this.grants.lock(transaction, known.grantId));
    if (!given || given.grant.client !== client.id) return invalidToken();
    // As it is now that nobody else changes its family.
    const token = (await this.refreshTokens.find(transaction, presented))!;
    const at = this.clock.now();
    if (await this.isReplay(transaction, token, at)) return this.replayed(transaction, given, request, at);
    if (at >= token.expiresAt || given.grant.revokedAt || !given.person.active) return invalidToken();
    if (token.dpopJkt !== null && token.dpopJkt !== proof?.jkt) return invalidToken();
    const asked = narrowedScopes(parameters.get('scope'), token.scopes);
    const scopes = scopesStillGiven(asked, client, given);
    if (scopes.length === 0) throw new OAuthError('invalid_scope', 'Nothing is left of what was granted.');
    const audience = audienceStillGiven(parameters.all('resource'), given, client, this.publicUrl.issuer);
    await this.proofs.spendForClient(proof, transaction);
    const access: AccessOfGrant = { grantType: this.grantType, given, scopes, audience, at };
    const issue = () => issueAccessOfGrant(this.issuer, transaction, access, request, write);
    if (client.profile === 'fapi2') return { issued: await issue() };
    const refreshToken = await this.replace(transaction, token, given, request, at);
    if (!refreshToken) return invalidToken();
    const issued = await issue();
    await this.recordRotation(transaction, issued, given, request);
    return { issued, refreshToken };
  }

  private async replace(
    transaction: Queryable,
    token: RefreshToken,
    { grant }: LockedGrant,
    { client, proof }: TokenRequest,
    at: Date,
  ): Promise<string | undefined> {
    const rotated = token.rotatedAt || (await this.refreshTokens.rotate(transaction, token.id, at));
    if (!rotated) return undefined;
    const { id: parent, scopes } = token;
    const dpopJkt = token.dpopJkt ?? boundKeyOf(client, proof);
    return this.refreshTokens.issue(transaction, { grant, client, scopes, parent, dpopJkt, issuedAt: at });
  }

  private async isReplay(transaction: Queryable, token: RefreshToken, at: Date): Promise<boolean> {
    if (isBeyondGrace(token.rotatedAt, at) || isBeyondGrace(token.siblingRotatedAt, at)) return true;
    return token.rotatedAt !== null && (await this.refreshTokens.childWasRotated(transaction, token.id));
  }

  private recordRotation(
    transaction: Queryable,
    { token }: IssuedToken,
    { grant }: LockedGrant,
    { client, origin }: TokenRequest,
  ): Promise<void> {
    return this.audit.record(transaction, {
      type: 'refresh_token.rotated',
      actor: { kind: 'client', id: client.clientId },
      origin,
      client_id: client.clientId,
      token_id: token.id,
      customer_id: grant.customerId,
      detail: { scopes: token.scopes },
    });
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
