import type { AccessTokenEntity } from '../access-token.entity.js';
import type { AccessTokenDto, TokenStatus } from './access-token.dto.js';

/** The wire shape of a token: the one place where its names change. */
export function presentToken(token: AccessTokenEntity, now: Date): AccessTokenDto {
  return {
    id: token.id,
    client_id: token.clientId,
    customer_id: token.customerId,
    format: token.format,
    scopes: token.scopes,
    grant_type: token.grantType,
    subject: token.subject,
    note: token.note,
    issued_by: token.issuedBy,
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    last_used_at: token.lastUsedAt,
    last_used_ip: token.lastUsedIp,
    revoked_at: token.revokedAt,
    dpop_jkt: token.dpopJkt,
    audience: token.audience,
    status: statusOf(token, now),
    hint: token.hint,
  };
}

function statusOf({ revokedAt, expiresAt }: AccessTokenEntity, now: Date): TokenStatus {
  if (revokedAt) return 'revoked';
  return now >= expiresAt ? 'expired' : 'active';
}
