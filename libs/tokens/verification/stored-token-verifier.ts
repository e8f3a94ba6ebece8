import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  AccessTokenVerifier,
  standingFault,
  type ClientStanding,
  type RequestOrigin,
  type TokenVerification,
} from '#access-control';
import { Database } from '#database';
import { Clock } from '#http-api';
import { ACCESS_TOKEN, hasFormat, sha256 } from '#oauth-protocol';
import { looksLikeJwt } from '../issuing/jwt-access-token.js';
import { TokenUses } from './token-uses.js';

interface TokenRow extends ClientStanding {
  id: string;
  clientId: string;
  customerId: string;
  scopes: string[];
  expiresAt: Date;
  revokedAt: Date | null;
  client: string;
  /** Null where the client is gone. */
  clientScopes: string[] | null;
}

const SELECT = `
  SELECT t.id, t.client, t.client_id AS "clientId", t.customer_id AS "customerId", t.scopes, t.expires_at AS "expiresAt",
    t.revoked_at AS "revokedAt", c.scopes AS "clientScopes", c.active, c.valid_from AS "validFrom",
    c.valid_until AS "validUntil", c.allowed_cidrs AS "allowedCidrs"
  FROM access_tokens t LEFT JOIN clients c ON c.id = t.client
  WHERE t.token_hash = $1`;

/** What an access token is worth, from its row and its client's. */
@Injectable()
export class StoredTokenVerifier extends AccessTokenVerifier implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly uses: TokenUses,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * 1. It has the form of ours and is on record, else it was never issued here. A JWT is looked up like
   *    every other: what its header and claims say is of no account here (docs/decisions/0012).
   * 2. It has not been revoked, and its client is still there.
   * 3. It has not expired.
   * 4. Its client may act now, from this address.
   * 5. It may do what its client may do still, and no more.
   */
  async verify(token: string, origin: RequestOrigin): Promise<TokenVerification> {
    const row = hasFormat(ACCESS_TOKEN, token) || looksLikeJwt(token) ? await this.find(token) : undefined;
    if (!row) return { status: 'unknown' };
    const now = this.clock.now();
    const { id: tokenId, clientId, customerId, clientScopes, expiresAt, revokedAt } = row;
    const identity = { tokenId, clientId, customerId, actor: { kind: 'client' as const, id: clientId } };
    if (!clientScopes)
      return { status: 'revoked', reason: 'client_deleted', revokedAt: revokedAt ?? undefined, ...identity };
    if (revokedAt) return { status: 'revoked', reason: 'token_revoked', revokedAt, ...identity };
    if (now >= expiresAt) return { status: 'expired', expiredAt: expiresAt, ...identity };
    const reason = standingFault(row, now, origin.ip);
    if (reason) return { status: 'revoked', reason, ...identity };
    this.uses.note(tokenId, { client: row.client, at: now, ip: origin.ip });
    return {
      status: 'active',
      scopes: row.scopes.filter((scope) => clientScopes.includes(scope)),
      ...identity,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.uses.close();
  }

  private async find(token: string): Promise<TokenRow | undefined> {
    const { rows } = await this.database.query<TokenRow>(SELECT, [sha256(token)]);
    return rows[0];
  }
}
