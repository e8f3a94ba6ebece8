import { Injectable } from '@nestjs/common';
import { DpopProofs } from '#access-control';
import { PublicUrl } from '#configuration';
import { Clock } from '#http-api';
import { requestedAudience } from '#oauth-protocol';
import { AccessTokenIssuer } from '../../issuing/access-token-issuer.js';
import { requireRegistered, type GivenTokens, type Grant, type TokenRequest } from './grant.js';
import { grantedScopes } from './granted-scopes.js';

/** RFC 6749 §4.4: a client acts for itself. */
@Injectable()
export class ClientCredentialsGrant implements Grant {
  readonly grantType = 'client_credentials';

  constructor(
    private readonly issuer: AccessTokenIssuer,
    private readonly proofs: DpopProofs,
    private readonly publicUrl: PublicUrl,
    private readonly clock: Clock,
  ) {}

  /**
   * 1. The client is registered for this grant, else `unauthorized_client`.
   * 2. The scopes are the client's own, fewer where it asks for fewer (§3.3), and so are the resources (RFC 8707).
   * 3. The proof, where there is one, is shown for the first time.
   * 4. The token is durable before it is answered.
   */
  async handle({ client, parameters, origin, proof, claims }: TokenRequest): Promise<GivenTokens> {
    requireRegistered(client, this.grantType);
    const scopes = grantedScopes(parameters.get('scope'), client);
    const audience = requestedAudience(parameters.all('resource'), client.resources, this.publicUrl.issuer);
    if (proof) await this.proofs.spendForClient(proof);
    const issuedAt = this.clock.now();
    const issued = await this.issuer.issue({
      client,
      grantType: this.grantType,
      scopes,
      issuedAt,
      expiresAt: new Date(issuedAt.getTime() + client.accessTokenTtl * 1000),
      actor: { kind: 'client', id: client.clientId },
      origin,
      dpopJkt: proof?.jkt,
      audience,
      claims,
    });
    return { issued };
  }
}
