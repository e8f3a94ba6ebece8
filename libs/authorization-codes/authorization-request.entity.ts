import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Prompt } from '#oauth-protocol';

/**
 * An authorization request (RFC 6749 §4.1.1) that was found good, kept here from its first page on,
 * so that nothing in the browser can change it.
 */
@Entity('authorization_requests')
export class AuthorizationRequestEntity {
  @PrimaryColumn('uuid') id: string;
  /** SHA-256 of the browser's own secret; null until a browser has followed the first redirect. */
  @Column('bytea', { name: 'browser_hash', nullable: true }) browserHash: Buffer | null;
  /** The client row's id. */
  @Column('uuid') client: string;
  @Column('text', { name: 'redirect_uri' }) redirectUri: string;
  @Column('boolean', { name: 'redirect_uri_sent' }) redirectUriSent: boolean;
  @Column('text', { array: true }) scopes: string[];
  @Column('text', { nullable: true }) state: string | null;
  @Column('text', { name: 'code_challenge', nullable: true }) codeChallenge: string | null;
  @Column('text', { array: true }) prompt: Prompt[];
  /** The thumbprint of the key that is to redeem its code (RFC 9449 §10). */
  @Column('text', { name: 'dpop_jkt', nullable: true }) dpopJkt: string | null;
  /** The resources that its tokens are to be for (RFC 8707); null for Postern itself. */
  @Column('text', { array: true, nullable: true }) resources: string[] | null;
  /** Whether its client pushed it (RFC 9126). */
  @Column('boolean') pushed: boolean;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
