import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which users reach which devices, accounts, tools and tasks. */
@Entity('profiles')
export class ProfileEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('boolean') enabled: boolean;
  @Column('timestamptz', { name: 'valid_from', nullable: true }) validFrom: Date | null;
  @Column('timestamptz', { name: 'valid_until', nullable: true }) validUntil: Date | null;
  @Column('text', { name: 'user_ids', array: true }) userIds: string[];
  @Column('text', { name: 'user_group_ids', array: true }) userGroupIds: string[];
  @Column('text', { name: 'device_ids', array: true }) deviceIds: string[];
  @Column('text', { name: 'device_group_ids', array: true }) deviceGroupIds: string[];
  @Column('text', { name: 'account_ids', array: true }) accountIds: string[];
  @Column('text', { name: 'task_ids', array: true }) taskIds: string[];
  @Column('text', { array: true }) tools: string[];
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
