import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a person allowed a client, remembered. */
@Entity('consents')
export class ConsentEntity {
  @PrimaryColumn('uuid') operator: string;
  /** The client row's id. */
  @PrimaryColumn('uuid') client: string;
  @Column('text', { array: true }) scopes: string[];
  @Column('timestamptz', { name: 'given_at' }) givenAt: Date;
}
