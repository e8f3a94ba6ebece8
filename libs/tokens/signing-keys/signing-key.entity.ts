import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccessTokenSigningAlg } from '#oauth-protocol';

/** A key pair that signs JWT access tokens (RFC 7517). */
@Entity('signing_keys')
export class SigningKeyEntity {
  /** RFC 7638 thumbprint. */
  @PrimaryColumn('text') kid: string;
  @Column('text') alg: AccessTokenSigningAlg;
  @Column('jsonb', { name: 'public_key' }) publicKey: Record<string, unknown>;
  /** A JWK in JSON, sealed where there is a master key. */
  @Column('text', { name: 'private_key' }) privateKey: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'signs_from' }) signsFrom: Date;
}
