import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTables } from './lock-tables.js';

const TABLES = ['operators', 'operator_sessions', 'authorization_grants'] as const;

/**
 * What people prove beside their passwords that it is they: passkeys, an app that shows codes, and
 * recovery codes for when both are lost. A challenge is what waits between a password and the factor,
 * or between the two halves of a ceremony; it belongs to one browser, or to one access token.
 */
export class CreateSecondFactors1795200000022 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await lockTables(queryRunner, ...TABLES);
    await queryRunner.query(`
      CREATE TABLE operator_passkeys (
        id uuid PRIMARY KEY,
        operator uuid NOT NULL REFERENCES operators ON DELETE CASCADE,
        name text NOT NULL,
        credential_id bytea NOT NULL,
        public_key bytea NOT NULL,
        sign_count bigint NOT NULL,
        transports text[] NOT NULL,
        created_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3),
        CONSTRAINT operator_passkeys_credential_id_unique UNIQUE (credential_id)
      )`);
    await queryRunner.query(`CREATE INDEX operator_passkeys_operator ON operator_passkeys (operator)`);
    await queryRunner.query(`
      CREATE TABLE operator_totps (
        operator uuid PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
        secret text NOT NULL,
        last_step bigint NOT NULL,
        failures integer NOT NULL DEFAULT 0,
        failing_since timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3)
      )`);
    await queryRunner.query(`
      CREATE TABLE operator_recovery_codes (
        id uuid PRIMARY KEY,
        operator uuid NOT NULL REFERENCES operators ON DELETE CASCADE,
        code_hash bytea NOT NULL,
        used_at timestamptz(3),
        CONSTRAINT operator_recovery_codes_code_unique UNIQUE (operator, code_hash)
      )`);
    await queryRunner.query(`
      CREATE TABLE second_factor_challenges (
        id uuid PRIMARY KEY,
        purpose text NOT NULL
          CHECK (purpose IN ('sign_in', 'enrolment', 'passkey', 'totp', 'verification')),
        bound_hash bytea NOT NULL,
        operator uuid NOT NULL REFERENCES operators ON DELETE CASCADE,
        operator_version integer NOT NULL,
        webauthn_challenge text NOT NULL,
        totp_secret text,
        attempts_left integer NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT second_factor_challenges_bound_unique UNIQUE (bound_hash, purpose)
      )`);
    await queryRunner.query(
      `CREATE INDEX second_factor_challenges_operator ON second_factor_challenges (operator)`,
    );
    await queryRunner.query(
      `CREATE INDEX second_factor_challenges_expires_at ON second_factor_challenges (expires_at)`,
    );
    await queryRunner.query(`
      CREATE TABLE second_factor_policies (
        role text PRIMARY KEY CHECK (role IN ('owner', 'admin', 'auditor', 'user')),
        required_since timestamptz(3) NOT NULL
      )`);
    await queryRunner.query(`ALTER TABLE operator_sessions ADD COLUMN second_factor_at timestamptz(3)`);
    await queryRunner.query(`ALTER TABLE authorization_grants ADD COLUMN second_factor_at timestamptz(3)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await lockTables(queryRunner, ...TABLES);
    await queryRunner.query(`ALTER TABLE authorization_grants DROP COLUMN second_factor_at`);
    await queryRunner.query(`ALTER TABLE operator_sessions DROP COLUMN second_factor_at`);
    for (const table of [
      'second_factor_policies',
      'second_factor_challenges',
      'operator_recovery_codes',
      'operator_totps',
      'operator_passkeys',
    ]) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
  }
}
