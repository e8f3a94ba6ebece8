import type { Actor, Principal } from './principal.js';
import type { RevokedUse } from './refusals.js';
import type { RequestOrigin } from './request-origin.js';

/** What a token is of, good or not. */
export interface TokenIdentity {
  tokenId: string;
  clientId: string;
  customerId: string;
  actor: Actor;
  operator?: Principal['operator'];
}

export type TokenVerification =
  | ({ status: 'active'; scopes: string[] } & TokenIdentity)
  | ({ status: 'expired'; expiredAt: Date } & TokenIdentity)
  | ({ status: 'revoked'; reason: RevokedUse; revokedAt?: Date } & TokenIdentity)
  | { status: 'unknown' };

/** Port: tells what an access token is worth now, from this address, and notes its use. */
export abstract class AccessTokenVerifier {
  abstract verify(token: string, origin: RequestOrigin): Promise<TokenVerification>;
}
