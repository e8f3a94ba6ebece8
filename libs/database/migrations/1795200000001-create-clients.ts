import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Customers (tenants), the catalogue of scopes, API applications and their secrets. */
export class CreateClients1795200000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE customers (
        customer_id text PRIMARY KEY,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      )`);
    await queryRunner.query(`
      CREATE TABLE scopes (
        id uuid PRIMARY KEY,
        customer_id text REFERENCES customers ON DELETE CASCADE,
        name text NOT NULL,
        description text NOT NULL,
        built_in boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT scopes_name_unique UNIQUE NULLS NOT DISTINCT (customer_id, name)
      )`);
    await queryRunner.query(`
      CREATE TABLE clients (
        id uuid PRIMARY KEY,
        client_id text NOT NULL,
        customer_id text NOT NULL REFERENCES customers,
        name text NOT NULL,
        notes text NOT NULL,
        active boolean NOT NULL,
        scopes text[] NOT NULL,
        grant_types text[] NOT NULL,
        token_endpoint_auth_method text NOT NULL,
        redirect_uris text[] NOT NULL,
        require_pkce boolean NOT NULL,
        access_token_format text NOT NULL,
        access_token_ttl integer NOT NULL,
        refresh_token_ttl integer NOT NULL,
        public_base_uri text,
        allowed_cidrs text[] NOT NULL,
        jwks jsonb,
        valid_from timestamptz(3),
        valid_until timestamptz(3),
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3),
        authorization_redirect_uri text,
        authorization_code_hint text,
        authorization_code_created_at timestamptz(3),
        authorization_access_token_hint text,
        authorization_token_created_at timestamptz(3),
        authorization_passthru_user text,
        CONSTRAINT clients_client_id_unique UNIQUE (client_id),
        CONSTRAINT clients_name_unique UNIQUE (customer_id, name)
      )`);
    await queryRunner.query(`CREATE INDEX clients_scopes ON clients USING gin (scopes)`);
    await queryRunner.query(`
      CREATE TABLE client_secrets (
        id uuid PRIMARY KEY,
        client uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        algorithm text NOT NULL CHECK (algorithm IN ('sha256', 'bcrypt')),
        hash text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3),
        last_used_at timestamptz(3)
      )`);
    await queryRunner.query(`CREATE INDEX client_secrets_client ON client_secrets (client)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['client_secrets', 'clients', 'scopes', 'customers']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
  }
}
