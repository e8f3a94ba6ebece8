import { Injectable } from '@nestjs/common';
import { validityFault, type ClientStanding, type RevokedUse, type TokenVerification } from '#access-control';
import { Database } from '#database';
import { ACCESS_TOKEN, givenScopes, hasFormat, sha256, type Role } from '#oauth-protocol';
import { looksLikeJwt } from '../issuing/jwt-access-token.js';

/** An access token on record, with its client and its person as they are now. */
export interface TokenRecord extends ClientStanding {
  id: string;
  /** The client row's id. */
  client: string;
  clientId: string;
  customerId: string;
  scopes: string[];
  subject: string | null;
  issuedAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  /** Null where the client is gone. */
  clientScopes: string[] | null;
  /** The person that it speaks for; the rest of him is null where he is gone. */
  operator: string | null;
  username: string | null;
  role: Role | null;
  operatorCustomerId: string | null;
  operatorActive: boolean | null;
}

const SELECT = `
  SELECT t.id, t.client, t.client_id AS "clientId", t.customer_id AS "customerId", t.scopes, t.subject,
    t.issued_at AS "issuedAt", t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt", c.scopes AS "clientScopes",
    c.active, c.valid_from AS "validFrom", c.valid_until AS "validUntil", c.allowed_cidrs AS "allowedCidrs",
    t.operator, o.username, o.role, o.customer_id AS "operatorCustomerId", o.active AS "operatorActive"
  FROM access_tokens t LEFT JOIN clients c ON c.id = t.client LEFT JOIN operators o ON o.id = t.operator
  WHERE t.token_hash = $1`;

/**
 * Finds access tokens. Codes, sessions, secrets and refresh tokens have other shapes, and are not
 * looked for. A JWT is looked up like every other: what its header and claims say is of no account
 * here (docs/decisions/0012).
 */
@Injectable()
export class TokenRecords {
  constructor(private readonly database: Database) {}

  async find(token: string): Promise<TokenRecord | undefined> {
    if (!hasFormat(ACCESS_TOKEN, token) && !looksLikeJwt(token)) return undefined;
    const { rows } = await this.database.query<TokenRecord>(SELECT, [sha256(token)]);
    return rows[0];
  }
}

/**
 * What a token on record is worth now, wherever it is used:
 * 1. Its client is still there, and it has not been revoked.
 * 2. It has not expired.
 * 3. Its client may act now, and so may the person that it speaks for.
 * 4. It may do what both still may, and no more.
 */
export function judge(record: TokenRecord, now: Date): Exclude<TokenVerification, { status: 'unknown' }> {
  const identity = identityOf(record);
  const { clientScopes, revokedAt, expiresAt } = record;
  const revoked = (reason: RevokedUse) =>
    ({ status: 'revoked', reason, revokedAt: revokedAt ?? undefined, ...identity }) as const;
  if (!clientScopes) return revoked('client_deleted');
  if (revokedAt) return revoked('token_revoked');
  if (now >= expiresAt) return { status: 'expired', expiredAt: expiresAt, ...identity };
  const fault = validityFault(record, now);
  if (fault) return revoked(fault);
  if (record.operator && !record.operatorActive) return revoked('operator_inactive');
  return { status: 'active', scopes: scopesOf(record, clientScopes), ...identity };
}

function scopesOf(record: TokenRecord, clientScopes: string[]): string[] {
  const { scopes, customerId, role, operatorCustomerId } = record;
  if (!role) return scopes.filter((scope) => clientScopes.includes(scope));
  return givenScopes(scopes, { scopes: clientScopes }, { role, customerId: operatorCustomerId! }, customerId);
}

function identityOf({ id: tokenId, clientId, customerId, operator, username, role }: TokenRecord) {
  if (!operator) return { tokenId, clientId, customerId, actor: { kind: 'client' as const, id: clientId } };
  return {
    tokenId,
    clientId,
    customerId,
    actor: { kind: 'operator' as const, id: username },
    operator: role ? { id: operator, role } : undefined,
  };
}
