import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An authorization request that a client pushed (RFC 9126) and no browser has come with yet. */
@Entity('pushed_authorization_requests')
export class PushedRequestEntity {
  @PrimaryColumn('uuid') id: string;
  /** SHA-256 of the `request_uri`. */
  @Column('bytea', { name: 'uri_hash' }) uriHash: Buffer;
  /** The client row's id. */
  @Column('uuid') client: string;
  /** Form-encoded. */
  @Column('text') parameters: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
