import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a tool does on devices, once or again and again. */
@Entity('tasks')
export class TaskEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
  @Column('text') tool: string;
  @Column('text', { name: 'device_ids', array: true }) deviceIds: string[];
  @Column('text', { nullable: true }) schedule: string | null;
  @Column('boolean') enabled: boolean;
  @Column('timestamptz', { name: 'last_run_at', nullable: true }) lastRunAt: Date | null;
  @Column('text', { name: 'last_result', nullable: true }) lastResult: string | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
