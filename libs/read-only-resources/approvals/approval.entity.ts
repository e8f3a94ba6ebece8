import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A request for access, and what became of it. */
@Entity('approvals')
export class ApprovalEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @PrimaryColumn('text') id: string;
  @Column('text') request: string;
  @Column('text', { name: 'requester_id' }) requesterId: string;
  @Column('text', { name: 'approver_id', nullable: true }) approverId: string | null;
  @Column('text', { name: 'device_id', nullable: true }) deviceId: string | null;
  @Column('text', { name: 'account_id', nullable: true }) accountId: string | null;
  @Column('text') state: string;
  @Column('timestamptz', { name: 'requested_at' }) requestedAt: Date;
  @Column('timestamptz', { name: 'decided_at', nullable: true }) decidedAt: Date | null;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt: Date | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
