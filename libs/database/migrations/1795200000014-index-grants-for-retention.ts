import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What finds the grants that are over: those first that were given first, and each one's newest refresh token. */
export class IndexGrantsForRetention1795200000014 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX authorization_grants_created_at ON authorization_grants (created_at)`,
    );
    await queryRunner.query(
      `CREATE INDEX refresh_tokens_grant_expires_at ON refresh_tokens (grant_id, expires_at)`,
    );
    await queryRunner.query(`DROP INDEX refresh_tokens_grant`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX refresh_tokens_grant ON refresh_tokens (grant_id)`);
    await queryRunner.query(`DROP INDEX refresh_tokens_grant_expires_at`);
    await queryRunner.query(`DROP INDEX authorization_grants_created_at`);
  }
}
