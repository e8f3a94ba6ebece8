import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The people: who they are, where they are signed in, and how often somebody failed to be one of
 * them lately. A session is stored as the SHA-256 of its token.
 */
export class CreateOperators1795200000007 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE customers ADD COLUMN version integer NOT NULL DEFAULT 1`);
    await queryRunner.query(`
      CREATE TABLE operators (
        id uuid PRIMARY KEY,
        customer_id text NOT NULL REFERENCES customers,
        username text NOT NULL,
        email text,
        role text NOT NULL CHECK (role IN ('owner', 'admin', 'auditor', 'user')),
        active boolean NOT NULL,
        password_hash text NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        last_signed_in_at timestamptz(3)
      )`);
    await queryRunner.query(`CREATE UNIQUE INDEX operators_username_unique ON operators (lower(username))`);
    await queryRunner.query(`CREATE INDEX operators_customer ON operators (customer_id, id)`);
    await queryRunner.query(`
      CREATE TABLE operator_sessions (
        id uuid PRIMARY KEY,
        token_hash bytea NOT NULL,
        operator uuid NOT NULL REFERENCES operators ON DELETE CASCADE,
        authenticated_at timestamptz(3) NOT NULL,
        last_seen_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        ip text,
        user_agent text,
        CONSTRAINT operator_sessions_token_hash_unique UNIQUE (token_hash)
      )`);
    await queryRunner.query(`CREATE INDEX operator_sessions_operator ON operator_sessions (operator)`);
    await queryRunner.query(`CREATE INDEX operator_sessions_expires_at ON operator_sessions (expires_at)`);
    await queryRunner.query(`
      CREATE TABLE failed_authentications (
        key text PRIMARY KEY,
        failures integer NOT NULL,
        since timestamptz(3) NOT NULL
      )`);
    await queryRunner.query(`CREATE INDEX failed_authentications_since ON failed_authentications (since)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['failed_authentications', 'operator_sessions', 'operators']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
    await queryRunner.query(`ALTER TABLE customers DROP COLUMN version`);
  }
}
