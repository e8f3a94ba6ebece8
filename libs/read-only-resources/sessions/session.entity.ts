import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A session of a user on a device: who, from where, with which account, and how long. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @PrimaryColumn('text') id: string;
  @Column('text', { name: 'user_id' }) userId: string;
  @Column('text', { name: 'source_address' }) sourceAddress: string;
  @Column('text', { name: 'device_id' }) deviceId: string;
  @Column('text', { name: 'account_id', nullable: true }) accountId: string | null;
  @Column('text') protocol: string;
  @Column('text') channel: string;
  @Column('timestamptz', { name: 'started_at' }) startedAt: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;
  @Column('text') state: string;
  @Column('boolean') recorded: boolean;
  @Column('integer') commands: number;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
