import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccessTokenFormat } from '#oauth-protocol';

/** How a token came to be: by a grant of RFC 6749, or handed out by somebody. */
export const TOKEN_GRANT_TYPES = [
  'client_credentials',
  'authorization_code',
  'refresh_token',
  'operator',
] as const;
export type TokenGrantType = (typeof TOKEN_GRANT_TYPES)[number];

/** An access token on record; the token itself is stored as its SHA-256 alone. */
@Entity('access_tokens')
export class AccessTokenEntity {
  @PrimaryColumn('uuid') id: string;
  /** Its first and last characters. */
  @Column('text') hint: string;
  /** The client row's id. */
  @Column('uuid') client: string;
  @Column('text', { name: 'client_id' }) clientId: string;
  @Column('text', { name: 'customer_id' }) customerId: string;
  @Column('text') format: AccessTokenFormat;
  @Column('text', { array: true }) scopes: string[];
  @Column('text', { name: 'grant_type' }) grantType: TokenGrantType;
  @Column('text', { nullable: true }) subject: string | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text', { name: 'issued_by' }) issuedBy: string;
  @Column('timestamptz', { name: 'issued_at' }) issuedAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt: Date | null;
  @Column('text', { name: 'last_used_ip', nullable: true }) lastUsedIp: string | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt: Date | null;
  /** The authorization grant that it stems from; null where no person gave one. */
  @Column('uuid', { name: 'grant_id', nullable: true }) grantId: string | null;
  /** The person that it speaks for. */
  @Column('uuid', { nullable: true }) operator: string | null;
  /** The thumbprint of the key that it is bound to (RFC 9449 §6); null for a bearer token. */
  @Column('text', { name: 'dpop_jkt', nullable: true }) dpopJkt: string | null;
  /** The resources that it is for (RFC 8707); null for Postern itself. */
  @Column('text', { array: true, nullable: true }) audience: string[] | null;
}
