import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What counts a client's active tokens without looking at those that are over, which are the most. */
export class IndexLiveTokens1795200000015 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX access_tokens_live ON access_tokens (client, expires_at) WHERE revoked_at IS NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX access_tokens_live`);
  }
}
