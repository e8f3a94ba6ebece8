import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A refresh token (RFC 6749 §1.5), stored as its SHA-256. It is worth what its grant is. */
@Entity('refresh_tokens')
export class RefreshTokenEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'grant_id' }) grantId: string;
  /** The refresh token that it took the place of; null for the first. */
  @Column('uuid', { nullable: true }) parent: string | null;
  @Column('text', { array: true }) scopes: string[];
  @Column('timestamptz', { name: 'issued_at' }) issuedAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  /** The key that a public client must show with it (RFC 9449 §5); null where the client proves who it is. */
  @Column('text', { name: 'dpop_jkt', nullable: true }) dpopJkt: string | null;
  /** When another took its place. */
  @Column('timestamptz', { name: 'rotated_at', nullable: true }) rotatedAt: Date | null;
}
