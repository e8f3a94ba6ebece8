import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person that the PAM platform knows. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @PrimaryColumn('text') id: string;
  @Column('text') username: string;
  @Column('text', { name: 'first_name', nullable: true }) firstName: string | null;
  @Column('text', { name: 'last_name', nullable: true }) lastName: string | null;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text') role: string;
  @Column('text', { name: 'authentication_method' }) authenticationMethod: string;
  @Column('boolean', { name: 'mfa_enabled' }) mfaEnabled: boolean;
  @Column('text', { name: 'group_ids', array: true }) groupIds: string[];
  @Column('boolean') active: boolean;
  @Column('timestamptz', { name: 'last_login_at', nullable: true }) lastLoginAt: Date | null;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt: Date | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
