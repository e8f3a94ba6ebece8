import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the copy of the audit log has come (POSTERN_AUDIT_COPY), and which instance writes it. */
export class CreateAuditCopies1795200000018 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE audit_copies (
        target text PRIMARY KEY,
        holder uuid,
        seen_at timestamptz NOT NULL
      )`);
    await queryRunner.query(`
      CREATE TABLE audit_copy_positions (
        target text NOT NULL REFERENCES audit_copies ON DELETE CASCADE,
        writer uuid NOT NULL,
        sequence bigint NOT NULL,
        PRIMARY KEY (target, writer)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE audit_copy_positions`);
    await queryRunner.query(`DROP TABLE audit_copies`);
  }
}
