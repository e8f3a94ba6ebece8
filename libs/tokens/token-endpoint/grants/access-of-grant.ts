import type { Queryable } from '#database';
import type { GrantType } from '#oauth-protocol';
import type { LockedGrant } from '../../authorization-grants/authorization-grants.js';
import type { AccessTokenIssuer, IssuedToken } from '../../issuing/access-token-issuer.js';
import type { AccessTokenWriter } from '../../issuing/access-token-texts.js';
import type { TokenRequest } from './grant.js';

/** What of a person's grant a token is for, and from when. */
export interface AccessOfGrant {
  grantType: GrantType;
  given: LockedGrant;
  scopes: string[];
  audience: string[] | null;
  at: Date;
}

/** The access token of a client that a person gave something, bound to the key of the proof that came along. */
export function issueAccessOfGrant(
  issuer: AccessTokenIssuer,
  transaction: Queryable,
  { at, ...access }: AccessOfGrant,
  { client, origin, proof, claims }: TokenRequest,
  write: AccessTokenWriter,
): Promise<IssuedToken> {
  const token = {
    ...access,
    client,
    issuedAt: at,
    expiresAt: new Date(at.getTime() + client.accessTokenTtl * 1000),
    dpopJkt: proof?.jkt,
    actor: { kind: 'client' as const, id: client.clientId },
    origin,
    claims,
  };
  return issuer.issueWithin(transaction, token, write);
}
