import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many requests each caller has made in a minute, on all instances; keys are SHA-256. Unlogged: it
 * is of no use after its minute, and a crash of the database may forget it.
 */
export class CreateRequestCounts1795200000019 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE UNLOGGED TABLE request_counts (
        key text NOT NULL,
        minute timestamptz(3) NOT NULL,
        count integer NOT NULL,
        PRIMARY KEY (key, minute)
      ) WITH (fillfactor = 50)`);
    await queryRunner.query(`CREATE INDEX request_counts_minute ON request_counts (minute)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE request_counts`);
  }
}
