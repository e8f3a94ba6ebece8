import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one person gave one client at one time. Its code and all its tokens bear its id. */
@Entity('authorization_grants')
export class AuthorizationGrantEntity {
  @PrimaryColumn('uuid') id: string;
  /** The client row's id. */
  @Column('uuid') client: string;
  @Column('uuid') operator: string;
  /** Whose rows its tokens read: the client's customer, or the person's for a built-in client. */
  @Column('text', { name: 'customer_id' }) customerId: string;
  @Column('text', { array: true }) scopes: string[];
  /** The resources that its tokens are for (RFC 8707); null for Postern itself. */
  @Column('text', { array: true, nullable: true }) resources: string[] | null;
  /** When the person signed in. */
  @Column('timestamptz', { name: 'authenticated_at' }) authenticatedAt: Date;
  /** When he showed a second factor last. */
  @Column('timestamptz', { name: 'second_factor_at', nullable: true }) secondFactorAt: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt: Date | null;
}
