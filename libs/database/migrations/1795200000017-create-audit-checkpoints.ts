import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Checkpoints that cannot be removed; older ones can, as each covers those before it. */
const NEWEST = 10_000;

/** Signed statements of how far the audit log's chains have come; docs/audit-chain.md says what is in one. */
export class CreateAuditCheckpoints1795200000017 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE audit_checkpoints (
        number bigint PRIMARY KEY,
        at timestamptz(3) NOT NULL,
        kid text NOT NULL,
        jws text NOT NULL
      )`);
    await queryRunner.query(`
      CREATE FUNCTION guard_audit_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' THEN
          IF OLD.number <= (SELECT max(number) FROM audit_checkpoints) - ${NEWEST} THEN
            RETURN OLD;
          END IF;
        END IF;
        RAISE EXCEPTION 'audit_checkpoints is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER audit_checkpoints_append_only BEFORE UPDATE OR DELETE ON audit_checkpoints
      FOR EACH ROW EXECUTE FUNCTION guard_audit_checkpoint()`);
    await queryRunner.query(`
      CREATE TRIGGER audit_checkpoints_no_truncate BEFORE TRUNCATE ON audit_checkpoints
      FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_checkpoint()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE audit_checkpoints`);
    await queryRunner.query(`DROP FUNCTION guard_audit_checkpoint`);
  }
}
