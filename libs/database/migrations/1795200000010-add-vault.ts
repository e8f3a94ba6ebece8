import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the vault keeps what it seals, beside the hashes; null while it is off. */
export class AddVault1795200000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE client_secrets ADD COLUMN sealed text`);
    await queryRunner.query(`ALTER TABLE access_tokens ADD COLUMN sealed text`);
    // By how a seal begins, which names its key: finds what lies under one key after another, or that nothing does.
    await queryRunner.query(
      `CREATE INDEX access_tokens_sealed ON access_tokens (left(sealed, 18), id) WHERE sealed IS NOT NULL`,
    );
    await queryRunner.query(`
      ALTER TABLE clients
        ADD COLUMN authorization_code_sealed text,
        ADD COLUMN authorization_access_token_sealed text`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE clients
        DROP COLUMN authorization_code_sealed,
        DROP COLUMN authorization_access_token_sealed`);
    await queryRunner.query(`ALTER TABLE access_tokens DROP COLUMN sealed`);
    await queryRunner.query(`ALTER TABLE client_secrets DROP COLUMN sealed`);
  }
}
