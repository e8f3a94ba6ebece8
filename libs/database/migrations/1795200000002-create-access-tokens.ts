import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Access tokens stay as rows after they have expired or were revoked, so that a late call can be
 * put on record with its client. `client` has no foreign key: a token outlives its client's row.
 */
export class CreateAccessTokens1795200000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE access_tokens (
        id uuid PRIMARY KEY,
        token_hash bytea NOT NULL,
        hint text NOT NULL,
        client uuid NOT NULL,
        client_id text NOT NULL,
        customer_id text NOT NULL,
        format text NOT NULL,
        scopes text[] NOT NULL,
        grant_type text NOT NULL,
        subject text,
        note text,
        issued_by text NOT NULL,
        issued_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3),
        last_used_ip text,
        revoked_at timestamptz(3),
        CONSTRAINT access_tokens_token_hash_unique UNIQUE (token_hash)
      )`);
    await queryRunner.query(`CREATE INDEX access_tokens_client ON access_tokens (client, id)`);
    await queryRunner.query(`CREATE INDEX access_tokens_customer ON access_tokens (customer_id, id)`);
    await queryRunner.query(`CREATE INDEX access_tokens_expires_at ON access_tokens (expires_at, id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE access_tokens`);
  }
}
