import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '#oauth-protocol';

/** A person who operates Postern, or signs in to allow an application something. */
@Entity('operators')
export class OperatorEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'customer_id' }) customerId: string;
  /** Unique over all customers, without case. */
  @Column('text') username: string;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text') role: Role;
  @Column('boolean') active: boolean;
  @Column('text', { name: 'password_hash' }) passwordHash: string;
  /** Counts the changes; the entity tag. */
  @Column('integer') version: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
  @Column('timestamptz', { name: 'last_signed_in_at', nullable: true }) lastSignedInAt: Date | null;
}
