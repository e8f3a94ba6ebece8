import type { Actor, Principal } from './principal.js';
import type { RevokedUse } from './refusals.js';
import type { RequestOrigin } from './request-origin.js';

/** What a token is of, good or not. */
export interface TokenIdentity {
  tokenId: string;
  /** The client row's id. */
  client: string;
  clientId: string;
  customerId: string;
  actor: Actor;
  operator?: Principal['operator'];
}

/** A token that is worth something, to who may use it. */
export interface ActiveToken extends TokenIdentity {
  status: 'active';
  scopes: string[];
  /** The thumbprint of the key that it is bound to (RFC 9449 §6); null for a bearer token. */
  dpopJkt: string | null;
  /** Whether its client is registered for DPoP. */
  dpopRegistered: boolean;
}

export type TokenVerification =
  | ActiveToken
  | ({ status: 'expired'; expiredAt: Date } & TokenIdentity)
  | ({ status: 'revoked'; reason: RevokedUse; revokedAt?: Date } & TokenIdentity)
  | { status: 'unknown' };

/** Port: tells what an access token is worth now, from this address. */
export abstract class AccessTokenVerifier {
  abstract verify(token: string, origin: RequestOrigin): Promise<TokenVerification>;

  /** Notes that a token was used, once nothing speaks against it any more. */
  abstract noteUse(token: ActiveToken, origin: RequestOrigin): void;
}
