import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Fewer indexes to write to when a token is issued. Ids are in the order of issue, so that what was
 * sorted by `issued_at` is sorted by `id`; and the tokens of client credentials, which are the most,
 * are found without an index on how they came to be.
 */
export class LeanTokenIndexes1795200000012 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `DROP INDEX access_tokens_issued_at, access_tokens_customer_issued_at, access_tokens_grant_type`,
    );
    await queryRunner.query(`CREATE INDEX access_tokens_customer ON access_tokens (customer_id, id)`);
    await queryRunner.query(
      `CREATE INDEX access_tokens_grant_type ON access_tokens (grant_type, id) WHERE grant_type <> 'client_credentials'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX access_tokens_customer, access_tokens_grant_type`);
    await queryRunner.query(`CREATE INDEX access_tokens_grant_type ON access_tokens (grant_type)`);
    await queryRunner.query(
      `CREATE INDEX access_tokens_customer_issued_at ON access_tokens (customer_id, issued_at, id)`,
    );
    await queryRunner.query(`CREATE INDEX access_tokens_issued_at ON access_tokens (issued_at, id)`);
  }
}
