import { Injectable } from '@nestjs/common';
import type { AuthenticatedClient } from '#access-control';
import { PublicUrl } from '#configuration';
import { ACCESS_TOKEN, generateSecret } from '#oauth-protocol';
import type { AccessTokenEntity } from '../access-token.entity.js';
import { SigningKeys } from '../signing-keys/signing-keys.js';
import { jwtAccessToken, type TokenDetails } from './jwt-access-token.js';

/** An access token before it has a text. */
export type UnwrittenToken = Omit<AccessTokenEntity, 'hint'>;

/**
 * Makes the text of a token; asks nobody.
 * @throws OAuthError `invalid_scope` where its scopes are more than a JWT can carry
 */
export type AccessTokenWriter = (token: UnwrittenToken, details: TokenDetails) => string;

/** The one step in which access tokens differ by their client's format: what they look like. */
@Injectable()
export class AccessTokenTexts {
  constructor(
    private readonly keys: SigningKeys,
    private readonly publicUrl: PublicUrl,
  ) {}

  /** Ask before a transaction begins: the database may have to be asked for the key. */
  async writerFor(
    client: Pick<AuthenticatedClient, 'accessTokenFormat' | 'accessTokenSigningAlg'>,
  ): Promise<AccessTokenWriter> {
    if (client.accessTokenFormat === 'opaque') return () => generateSecret(ACCESS_TOKEN);
    const signer = await this.keys.signer(client.accessTokenSigningAlg);
    const { issuer } = this.publicUrl;
    return (token, details) => jwtAccessToken({ token, issuer, ...details }, signer);
  }
}
