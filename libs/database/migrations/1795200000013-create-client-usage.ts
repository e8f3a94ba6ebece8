import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How often each client called and was refused, by the hour. `client` has no foreign key: a counter
 * is added to without touching the client's row, and goes by its age.
 */
export class CreateClientUsage1795200000013 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE client_usage (
        client uuid NOT NULL,
        hour timestamptz(3) NOT NULL,
        requests bigint NOT NULL,
        refusals bigint NOT NULL,
        PRIMARY KEY (client, hour)
      )`);
    await queryRunner.query(`CREATE INDEX client_usage_hour ON client_usage (hour)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE client_usage`);
  }
}
