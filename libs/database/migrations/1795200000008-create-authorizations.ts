import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The authorization code flow. A grant is what one person gave one client at one time; its code,
 * refresh tokens and access tokens bear its id, so that one statement ends the family. Who changes
 * a family holds the row of its grant, and takes locks in the order client, operator, grant, tokens.
 */
export class CreateAuthorizations1795200000008 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE clients
        ADD COLUMN access_token_signing_alg text NOT NULL DEFAULT 'ES256',
        ADD COLUMN built_in boolean NOT NULL DEFAULT false`);
    // Postern's own clients never take a name from a customer.
    await queryRunner.query(`ALTER TABLE clients DROP CONSTRAINT clients_name_unique`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX clients_name_unique ON clients (customer_id, name) WHERE NOT built_in`,
    );
    await queryRunner.query(`
      CREATE TABLE authorization_requests (
        id uuid PRIMARY KEY,
        browser_hash bytea,
        client uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        redirect_uri text NOT NULL,
        redirect_uri_sent boolean NOT NULL,
        scopes text[] NOT NULL,
        state text,
        code_challenge text,
        prompt text[] NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL
      )`);
    await queryRunner.query(
      `CREATE INDEX authorization_requests_expires_at ON authorization_requests (expires_at)`,
    );
    await queryRunner.query(`CREATE INDEX authorization_requests_client ON authorization_requests (client)`);
    await queryRunner.query(`
      CREATE TABLE consents (
        operator uuid NOT NULL REFERENCES operators ON DELETE CASCADE,
        client uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        scopes text[] NOT NULL,
        given_at timestamptz(3) NOT NULL,
        PRIMARY KEY (operator, client)
      )`);
    await queryRunner.query(`CREATE INDEX consents_client ON consents (client)`);
    await queryRunner.query(`
      CREATE TABLE authorization_grants (
        id uuid PRIMARY KEY,
        client uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        operator uuid NOT NULL REFERENCES operators ON DELETE CASCADE,
        customer_id text NOT NULL,
        scopes text[] NOT NULL,
        authenticated_at timestamptz(3) NOT NULL,
        created_at timestamptz(3) NOT NULL,
        revoked_at timestamptz(3)
      )`);
    await queryRunner.query(`CREATE INDEX authorization_grants_client ON authorization_grants (client)`);
    await queryRunner.query(
      `CREATE INDEX authorization_grants_operator ON authorization_grants (operator, client)`,
    );
    await queryRunner.query(`
      CREATE TABLE authorization_codes (
        id uuid PRIMARY KEY,
        code_hash bytea NOT NULL,
        grant_id uuid NOT NULL REFERENCES authorization_grants ON DELETE CASCADE,
        redirect_uri text NOT NULL,
        redirect_uri_sent boolean NOT NULL,
        code_challenge text,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        redeemed_at timestamptz(3),
        CONSTRAINT authorization_codes_code_hash_unique UNIQUE (code_hash)
      )`);
    await queryRunner.query(`CREATE INDEX authorization_codes_grant ON authorization_codes (grant_id)`);
    await queryRunner.query(`
      CREATE TABLE refresh_tokens (
        id uuid PRIMARY KEY,
        token_hash bytea NOT NULL,
        grant_id uuid NOT NULL REFERENCES authorization_grants ON DELETE CASCADE,
        parent uuid,
        scopes text[] NOT NULL,
        issued_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        rotated_at timestamptz(3),
        CONSTRAINT refresh_tokens_token_hash_unique UNIQUE (token_hash)
      )`);
    await queryRunner.query(`CREATE INDEX refresh_tokens_grant ON refresh_tokens (grant_id)`);
    await queryRunner.query(`CREATE INDEX refresh_tokens_parent ON refresh_tokens (parent)`);
    await queryRunner.query(`
      ALTER TABLE access_tokens
        ADD COLUMN grant_id uuid,
        ADD COLUMN operator uuid`);
    await queryRunner.query(
      `CREATE INDEX access_tokens_grant ON access_tokens (grant_id) WHERE grant_id IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX access_tokens_operator ON access_tokens (operator) WHERE operator IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE access_tokens DROP COLUMN grant_id, DROP COLUMN operator`);
    for (const table of [
      'refresh_tokens',
      'authorization_codes',
      'authorization_grants',
      'consents',
      'authorization_requests',
    ]) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
    await queryRunner.query(`DELETE FROM clients WHERE built_in`);
    await queryRunner.query(`DROP INDEX clients_name_unique`);
    await queryRunner.query(
      `ALTER TABLE clients ADD CONSTRAINT clients_name_unique UNIQUE (customer_id, name)`,
    );
    await queryRunner.query(`ALTER TABLE clients DROP COLUMN access_token_signing_alg, DROP COLUMN built_in`);
  }
}
