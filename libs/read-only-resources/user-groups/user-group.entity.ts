import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A group of users, to give access to many at once. */
@Entity('user_groups')
export class UserGroupEntity {
  @PrimaryColumn('text', { name: 'customer_id' }) customerId: string;
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
