import { Injectable } from '@nestjs/common';
import { DpopProofs } from '#access-control';
import { AuditLog, type NewAuditEvent } from '#audit-log';
import { PublicUrl } from '#configuration';
import { Database, type Queryable } from '#database';
import { Clock } from '#http-api';
import { OAuthError } from '#oauth-protocol';
import { AuthorizationCodes, type PresentedCode } from '../../authorization-codes.port.js';
import { AuthorizationGrants, type LockedGrant } from '../../authorization-grants/authorization-grants.js';
import { ClientDirectory } from '../../client-directory.port.js';
import { AccessTokenIssuer } from '../../issuing/access-token-issuer.js';
import { AccessTokenTexts, type AccessTokenWriter } from '../../issuing/access-token-texts.js';
import { boundKeyOf, RefreshTokens } from '../../refresh-tokens.js';
import { requiredParameter } from '../required-parameter.js';
import { issueAccessOfGrant, type AccessOfGrant } from './access-of-grant.js';
import { requireRegistered, type GivenTokens, type Grant, type TokenRequest } from './grant.js';
import { scopesStillGiven } from './granted-scopes.js';
import { audienceStillGiven } from './audience-still-given.js';
import { settle, type Outcome } from './refusal.js';

/** RFC 6749 §4.1.3: a client redeems the code that a person gave it. */
@Injectable()
export class AuthorizationCodeGrant implements Grant {
  readonly grantType = 'authorization_code';

  constructor(
    private readonly database: Database,
    private readonly codes: AuthorizationCodes,
    private readonly grants: AuthorizationGrants,
    private readonly issuer: AccessTokenIssuer,
    private readonly texts: AccessTokenTexts,
    private readonly refreshTokens: RefreshTokens,
    private readonly clients: ClientDirectory,
    private readonly proofs: DpopProofs,
    private readonly publicUrl: PublicUrl,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * 1. The client is registered for this grant, and the request holds a code; nothing is spent till then.
   * 2. The code was issued to this client; another's attempt does not spend it.
   * 3. It is spent now, for good, whatever comes of it.
   * 4. It had not been spent before: a replay ends everything that came of it (RFC 9700 §2.1.1).
   * 5. It is not late, and redirect URI, verifier and key are those of its request (RFC 7636 §4.6, RFC 9449 §10).
   * 6. The person stands by it still, and something is left of what he gave.
   * 7. The proof, where there is one, is shown for the first time.
   * 8. The tokens, and what is on record of them, are durable with the spending, or none of it is.
   */
  async handle(request: TokenRequest): Promise<GivenTokens> {
    const { client, parameters } = request;
    requireRegistered(client, this.grantType);
    const presented: PresentedCode = {
      code: requiredParameter(parameters, 'code'),
      redirectUri: parameters.get('redirect_uri') || undefined,
      codeVerifier: parameters.get('code_verifier') || undefined,
      dpopJkt: request.proof?.jkt,
    };
    const write = await this.texts.writerFor(client);
    return settle(this.database, (transaction) => this.redeem(transaction, presented, request, write));
  }

  private async redeem(
    transaction: Queryable,
    presented: PresentedCode,
    request: TokenRequest,
    write: AccessTokenWriter,
  ): Promise<Outcome> {
    const grantId = await this.codes.grantOf(transaction, presented.code);
    const given = grantId && (await this.grants.lock(transaction, grantId));
    if (!given || given.grant.client !== request.client.id) return invalidCode();
    const at = this.clock.now();
    const spent = await this.codes.spend(transaction, presented, at);
    if (spent === 'replayed') return this.replayed(transaction, given, request, at);
    if (spent === 'refused') return invalidCode();
    if (given.grant.revokedAt || !given.person.active) return invalidCode();
    const scopes = scopesStillGiven(given.grant.scopes, request.client, given);
    if (scopes.length === 0) return new OAuthError('invalid_scope', 'Nothing is left of what was granted.');
    try {
      return await this.give(transaction, { given, scopes, at }, request, write);
    } catch (error) {
      // The code stays spent.
      if (error instanceof OAuthError) return error;
      throw error;
    }
  }

  private async give(
    transaction: Queryable,
    { given, scopes, at }: { given: LockedGrant; scopes: string[]; at: Date },
    request: TokenRequest,
    write: AccessTokenWriter,
  ): Promise<GivenTokens> {
    const { client, parameters, origin, proof } = request;
    const audience = audienceStillGiven(parameters.all('resource'), given, client, this.publicUrl.issuer);
    await this.proofs.spendForClient(proof, transaction);
    const access: AccessOfGrant = { grantType: this.grantType, given, scopes, audience, at };
    const issued = await issueAccessOfGrant(this.issuer, transaction, access, request, write);
    const { grant } = given;
    const refreshToken = client.grantTypes.includes('refresh_token')
      ? await this.refreshTokens.issue(transaction, {
          grant,
          client,
          scopes: grant.scopes,
          dpopJkt: boundKeyOf(client, proof),
          issuedAt: at,
        })
      : undefined;
    await this.record(transaction, given, { client, origin }, issued.token.id, {
      type: 'authorization_code.redeemed',
      detail: { scopes },
    });
    await this.clients.noteToken(transaction, client.id, {
      accessToken: issued.accessToken,
      createdAt: at,
    });
    return { issued, refreshToken };
  }

  private async replayed(
    transaction: Queryable,
    given: LockedGrant,
    request: TokenRequest,
    at: Date,
  ): Promise<OAuthError> {
    const tokensRevoked = await this.grants.end(transaction, given.grant.id, at);
    await this.record(transaction, given, request, null, {
      type: 'authorization_code.replayed',
      detail: {
        message: `${request.client.clientId} presented a code of ${given.person.username} again; what had come of it was revoked.`,
        tokens_revoked: tokensRevoked,
      },
    });
    return invalidCode();
  }

  private record(
    transaction: Queryable,
    { grant }: LockedGrant,
    { client, origin }: Pick<TokenRequest, 'client' | 'origin'>,
    tokenId: string | null,
    event: Pick<NewAuditEvent, 'type' | 'detail'>,
  ): Promise<void> {
    return this.audit.record(transaction, {
      ...event,
      actor: { kind: 'client', id: client.clientId },
      origin,
      client_id: client.clientId,
      token_id: tokenId,
      customer_id: grant.customerId,
    });
  }
}

/** One answer for every way in which a code is none: unknown, another's, late, spent or ill presented. */
function invalidCode(): OAuthError {
  return new OAuthError(
    'invalid_grant',
    'The code is not valid, has expired, was redeemed before, or belongs to another request.',
  );
}
