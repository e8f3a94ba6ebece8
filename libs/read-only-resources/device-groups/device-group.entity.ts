import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A group of devices, to give access to many at once. */
@Entity('device_groups')
export class DeviceGroupEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
