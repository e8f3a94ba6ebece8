import type { MigrationInterface, QueryRunner } from 'typeorm';

/** PAM data: what the read API serves and the inventory API takes in. Keys are the importer's own. */
export class CreateInventory1795200000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE users (
        customer_id text NOT NULL REFERENCES customers ON DELETE CASCADE,
        id text NOT NULL,
        username text NOT NULL,
        first_name text,
        last_name text,
        email text,
        role text NOT NULL,
        authentication_method text NOT NULL,
        mfa_enabled boolean NOT NULL,
        group_ids text[] NOT NULL,
        active boolean NOT NULL,
        last_login_at timestamptz(3),
        expires_at timestamptz(3),
        updated_at timestamptz(3) NOT NULL,
        PRIMARY KEY (customer_id, id)
      )`);
    await queryRunner.query(`
      CREATE TABLE devices (
        customer_id text NOT NULL REFERENCES customers ON DELETE CASCADE,
        id text NOT NULL,
        name text NOT NULL,
        address text NOT NULL,
        platform text NOT NULL,
        protocols text[] NOT NULL,
        ports integer[] NOT NULL,
        zone text,
        group_ids text[] NOT NULL,
        state text NOT NULL,
        last_seen_at timestamptz(3),
        updated_at timestamptz(3) NOT NULL,
        PRIMARY KEY (customer_id, id)
      )`);
    await queryRunner.query(`
      CREATE TABLE accounts (
        customer_id text NOT NULL REFERENCES customers ON DELETE CASCADE,
        id text NOT NULL,
        device_id text,
        directory text,
        username text NOT NULL,
        kind text NOT NULL,
        privileged boolean NOT NULL,
        state text NOT NULL,
        secret_rotated_at timestamptz(3),
        rotation_policy text,
        updated_at timestamptz(3) NOT NULL,
        PRIMARY KEY (customer_id, id),
        CONSTRAINT accounts_device FOREIGN KEY (customer_id, device_id) REFERENCES devices (customer_id, id)
      )`);
    for (const table of ['users', 'devices', 'accounts']) {
      await queryRunner.query(`CREATE INDEX ${table}_updated_at ON ${table} (customer_id, updated_at, id)`);
    }
    await queryRunner.query(`CREATE INDEX accounts_device_id ON accounts (customer_id, device_id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['accounts', 'devices', 'users']) await queryRunner.query(`DROP TABLE ${table}`);
  }
}
