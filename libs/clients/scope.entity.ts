import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A scope of the catalogue: built in for everybody, or a customer's own. */
@Entity('scopes')
export class ScopeEntity {
  @PrimaryColumn('uuid') id: string;
  /** Null for the built-in ones. */
  @Column('text', { name: 'customer_id', nullable: true }) customerId: string | null;
  @Column('text') name: string;
  @Column('text') description: string;
  @Column('boolean', { name: 'built_in' }) builtIn: boolean;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
