import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A machine or appliance whose access the PAM platform manages. */
@Entity('devices')
export class DeviceEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
  @Column('text') address: string;
  @Column('text') platform: string;
  @Column('text', { array: true }) protocols: string[];
  @Column('integer', { array: true }) ports: number[];
  @Column('text', { nullable: true }) zone: string | null;
  @Column('text', { name: 'group_ids', array: true }) groupIds: string[];
  @Column('text') state: string;
  @Column('timestamptz', { name: 'last_seen_at', nullable: true }) lastSeenAt: Date | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
