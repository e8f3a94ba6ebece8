import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One secret of a client, in the form that its shape decides (docs/decisions/0004). */
@Entity('client_secrets')
export class ClientSecretEntity {
  @PrimaryColumn('uuid') id: string;
  /** The client row's id. */
  @Column('uuid') client: string;
  @Column('text') algorithm: 'sha256' | 'bcrypt';
  @Column('text') hash: string;
  /** What the vault keeps of it. */
  @Column('text', { nullable: true }) sealed: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt: Date | null;
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt: Date | null;
}
