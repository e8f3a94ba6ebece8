import { Injectable } from '@nestjs/common';
import { validityFault, type ClientStanding } from '#access-control';
import { PublicUrl } from '#configuration';
import { Database } from '#database';
import { Clock } from '#http-api';
import { givenScopes, hasFormat, REFRESH_TOKEN, sha256, type GrantType, type Role } from '#oauth-protocol';
import { Metrics, type Counter } from '#observability';
import { subjectOf } from '../issuing/access-token-issuer.js';
import { audienceClaim } from '../issuing/jwt-access-token.js';
import { isBeyondGrace, SIBLING_ROTATED_AT } from '../refresh-tokens.js';
import { tokenTypeOf } from '../token-endpoint/token-type.js';
import { judge, TokenRecords } from '../verification/token-records.js';
import type { IntrospectionDto } from './introspection.dto.js';

interface RefreshTokenRecord extends Omit<ClientStanding, 'allowedCidrs'> {
  id: string;
  scopes: string[];
  issuedAt: Date;
  expiresAt: Date;
  rotatedAt: Date | null;
  siblingRotatedAt: Date | null;
  dpopJkt: string | null;
  grantRevokedAt: Date | null;
  customerId: string;
  clientId: string;
  clientScopes: string[];
  grantTypes: GrantType[];
  operator: string;
  username: string;
  role: Role;
  operatorCustomerId: string;
  operatorActive: boolean;
}

const SELECT_REFRESH_TOKEN = `
  SELECT r.id, r.scopes, r.issued_at AS "issuedAt", r.expires_at AS "expiresAt", r.rotated_at AS "rotatedAt",
    r.dpop_jkt AS "dpopJkt", ${SIBLING_ROTATED_AT},
    g.revoked_at AS "grantRevokedAt", g.customer_id AS "customerId", c.client_id AS "clientId",
    c.scopes AS "clientScopes", c.grant_types AS "grantTypes", c.active, c.valid_from AS "validFrom",
    c.valid_until AS "validUntil", o.id AS operator, o.username, o.role,
    o.customer_id AS "operatorCustomerId", o.active AS "operatorActive"
  FROM refresh_tokens r JOIN authorization_grants g ON g.id = r.grant_id
    JOIN clients c ON c.id = g.client JOIN operators o ON o.id = g.operator
  WHERE r.token_hash = $1`;

const INACTIVE: IntrospectionDto = { active: false };

/** RFC 7662: what a token is worth now, to whoever was shown it. */
@Injectable()
export class TokenIntrospection {
  private readonly answers: Counter;

  constructor(
    private readonly database: Database,
    private readonly records: TokenRecords,
    private readonly publicUrl: PublicUrl,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.answers = metrics.counter({
      name: 'postern_introspections_total',
      help: 'Introspections by what was answered.',
      labels: ['active'],
    });
  }

  /**
   * 1. The shape of the token tells its kind; what is no token of ours is worth nothing.
   * 2. So is one of another customer than the caller's, whatever he may see elsewhere.
   * 3. It is judged as the guards would, but for the address: that is the caller's, not the bearer's.
   */
  async introspect(token: string, customerId: string): Promise<IntrospectionDto> {
    const answer =
      (await this.accessToken(token, customerId)) ?? (await this.refreshToken(token, customerId)) ?? INACTIVE;
    this.answers.add(String(answer.active));
    return answer;
  }

  private async accessToken(token: string, customerId: string): Promise<IntrospectionDto | undefined> {
    const record = await this.records.find(token);
    if (record?.token.customerId !== customerId) return undefined;
    const verification = judge(record, this.clock.now());
    if (verification.status !== 'active') return undefined;
    const { token: stored, person } = record;
    const iat = secondsOf(stored.issuedAt);
    return {
      active: true,
      scope: verification.scopes.join(' '),
      client_id: stored.clientId,
      username: person?.username,
      token_type: tokenTypeOf(stored),
      exp: secondsOf(stored.expiresAt),
      iat,
      nbf: iat,
      sub: stored.subject ?? stored.clientId,
      aud: audienceClaim(stored.audience, this.publicUrl.issuer),
      iss: this.publicUrl.issuer,
      jti: stored.id,
      cnf: confirmationOf(stored),
      customer_id: stored.customerId,
    };
  }

  /** One that could be redeemed still. It has no `token_type`: it is no bearer token. */
  private async refreshToken(token: string, customerId: string): Promise<IntrospectionDto | undefined> {
    if (!hasFormat(REFRESH_TOKEN, token)) return undefined;
    const { rows } = await this.database.query<RefreshTokenRecord>(SELECT_REFRESH_TOKEN, [sha256(token)]);
    const record = rows[0];
    if (record?.customerId !== customerId || !isRedeemable(record, this.clock.now())) return undefined;
    const person = { role: record.role, customerId: record.operatorCustomerId };
    const scopes = givenScopes(record.scopes, { scopes: record.clientScopes }, person, record.customerId);
    if (scopes.length === 0) return undefined;
    return {
      active: true,
      scope: scopes.join(' '),
      client_id: record.clientId,
      username: record.username,
      exp: secondsOf(record.expiresAt),
      iat: secondsOf(record.issuedAt),
      sub: subjectOf({ id: record.operator }),
      iss: this.publicUrl.issuer,
      jti: record.id,
      cnf: confirmationOf(record),
      customer_id: record.customerId,
    };
  }
}

function isRedeemable(token: RefreshTokenRecord, now: Date): boolean {
  const { rotatedAt, siblingRotatedAt, grantRevokedAt, expiresAt, operatorActive, grantTypes } = token;
  if (
    rotatedAt ||
    isBeyondGrace(siblingRotatedAt, now) ||
    grantRevokedAt ||
    now >= expiresAt ||
    !operatorActive
  )
    return false;
  return grantTypes.includes('refresh_token') && validityFault(token, now) === undefined;
}

/** RFC 9449 §6.2: the key that whoever sends it must show. */
function confirmationOf({ dpopJkt }: { dpopJkt: string | null }): { jkt: string } | undefined {
  return dpopJkt === null ? undefined : { jkt: dpopJkt };
}

/** RFC 7519 §2: whole seconds since 1970. */
function secondsOf(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
