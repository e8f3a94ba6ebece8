import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A browser in which a person is signed in; the session's token is stored as its SHA-256. */
@Entity('operator_sessions')
export class SessionEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') operator: string;
  @Column('timestamptz', { name: 'authenticated_at' }) authenticatedAt: Date;
  @Column('timestamptz', { name: 'last_seen_at' }) lastSeenAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('text', { nullable: true }) ip: string | null;
  @Column('text', { name: 'user_agent', nullable: true }) userAgent: string | null;
  /** When the person showed a second factor in it. */
  @Column('timestamptz', { name: 'second_factor_at', nullable: true }) secondFactorAt: Date | null;
}
