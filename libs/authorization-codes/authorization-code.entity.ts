import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An authorization code (RFC 6749 §4.1.2), stored as its SHA-256. The grant says for whom. */
@Entity('authorization_codes')
export class AuthorizationCodeEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'grant_id' }) grantId: string;
  @Column('text', { name: 'redirect_uri' }) redirectUri: string;
  /** Whether the client sent it; it must then come again with the code (§4.1.3). */
  @Column('boolean', { name: 'redirect_uri_sent' }) redirectUriSent: boolean;
  /** RFC 7636, always S256. */
  @Column('text', { name: 'code_challenge', nullable: true }) codeChallenge: string | null;
  /** The key that whoever redeems it must show (RFC 9449 §10). */
  @Column('text', { name: 'dpop_jkt', nullable: true }) dpopJkt: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('timestamptz', { name: 'redeemed_at', nullable: true }) redeemedAt: Date | null;
}
