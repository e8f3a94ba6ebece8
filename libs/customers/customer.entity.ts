import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer (tenant): everything belongs to one. */
@Entity('customers')
export class CustomerEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @Column('text') name: string;
  /** Counts the changes; the entity tag. */
  @Column('integer') version: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
