import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account on a device or in a directory. Its secret is not here, and nowhere in Postern. */
@Entity('accounts')
export class AccountEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @PrimaryColumn('text') id: string;
  @Column('text', { name: 'device_id', nullable: true }) deviceId: string | null;
  @Column('text', { nullable: true }) directory: string | null;
  @Column('text') username: string;
  @Column('text') kind: string;
  @Column('boolean') privileged: boolean;
  @Column('text') state: string;
  @Column('timestamptz', { name: 'secret_rotated_at', nullable: true }) secretRotatedAt: Date | null;
  @Column('text', { name: 'rotation_policy', nullable: true }) rotationPolicy: string | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
