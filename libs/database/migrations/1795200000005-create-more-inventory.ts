import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The rest of the PAM data. A single reference is a foreign key; PostgreSQL has none for the
 * elements of a list, so the inventory checks those itself.
 */
export class CreateMoreInventory1795200000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['user_groups', 'device_groups']) {
      await queryRunner.query(`
        CREATE TABLE ${table} (
          customer_id text NOT NULL REFERENCES customers ON DELETE CASCADE,
          id text NOT NULL,
          name text NOT NULL,
          description text,
          updated_at timestamptz(3) NOT NULL,
          PRIMARY KEY (customer_id, id)
        )`);
    }
    await queryRunner.query(`
      CREATE TABLE tasks (
        customer_id text NOT NULL REFERENCES customers ON DELETE CASCADE,
        id text NOT NULL,
        name text NOT NULL,
        tool text NOT NULL,
        device_ids text[] NOT NULL,
        schedule text,
        enabled boolean NOT NULL,
        last_run_at timestamptz(3),
        last_result text,
        updated_at timestamptz(3) NOT NULL,
        PRIMARY KEY (customer_id, id)
      )`);
    await queryRunner.query(`
      CREATE TABLE profiles (
        customer_id text NOT NULL REFERENCES customers ON DELETE CASCADE,
        id text NOT NULL,
        name text NOT NULL,
        description text,
        enabled boolean NOT NULL,
        valid_from timestamptz(3),
        valid_until timestamptz(3),
        user_ids text[] NOT NULL,
        user_group_ids text[] NOT NULL,
        device_ids text[] NOT NULL,
        device_group_ids text[] NOT NULL,
        account_ids text[] NOT NULL,
        task_ids text[] NOT NULL,
        tools text[] NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        PRIMARY KEY (customer_id, id)
      )`);
    await queryRunner.query(`
      CREATE TABLE sessions (
        customer_id text NOT NULL REFERENCES customers ON DELETE CASCADE,
        id text NOT NULL,
        user_id text NOT NULL,
        source_address text NOT NULL,
        device_id text NOT NULL,
        account_id text,
        protocol text NOT NULL,
        channel text NOT NULL,
        started_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3),
        state text NOT NULL,
        recorded boolean NOT NULL,
        commands integer NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        PRIMARY KEY (customer_id, id),
        CONSTRAINT sessions_user FOREIGN KEY (customer_id, user_id) REFERENCES users (customer_id, id),
        CONSTRAINT sessions_device FOREIGN KEY (customer_id, device_id) REFERENCES devices (customer_id, id),
        CONSTRAINT sessions_account FOREIGN KEY (customer_id, account_id) REFERENCES accounts (customer_id, id)
      )`);
    await queryRunner.query(`
      CREATE TABLE approvals (
        customer_id text NOT NULL REFERENCES customers ON DELETE CASCADE,
        id text NOT NULL,
        request text NOT NULL,
        requester_id text NOT NULL,
        approver_id text,
        device_id text,
        account_id text,
        state text NOT NULL,
        requested_at timestamptz(3) NOT NULL,
        decided_at timestamptz(3),
        expires_at timestamptz(3),
        updated_at timestamptz(3) NOT NULL,
        PRIMARY KEY (customer_id, id),
        CONSTRAINT approvals_requester FOREIGN KEY (customer_id, requester_id) REFERENCES users (customer_id, id),
        CONSTRAINT approvals_approver FOREIGN KEY (customer_id, approver_id) REFERENCES users (customer_id, id),
        CONSTRAINT approvals_device FOREIGN KEY (customer_id, device_id) REFERENCES devices (customer_id, id),
        CONSTRAINT approvals_account FOREIGN KEY (customer_id, account_id) REFERENCES accounts (customer_id, id)
      )`);
    for (const table of TABLES) {
      await queryRunner.query(`CREATE INDEX ${table}_updated_at ON ${table} (customer_id, updated_at, id)`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await queryRunner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = ['user_groups', 'device_groups', 'tasks', 'profiles', 'sessions', 'approvals'];
