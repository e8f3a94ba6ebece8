import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit log: append-only for everybody, the owner of the database included, short of taking
 * the triggers away. Retention drops whole monthly partitions. `writer`, `sequence`, `hash` and
 * `previous_hash` hold the chain. The default partition catches what no month was made for.
 */
export class CreateAuditEvents1795200000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE audit_events (
        id uuid NOT NULL,
        at timestamptz(3) NOT NULL,
        type text NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('success', 'failure')),
        actor_kind text NOT NULL,
        actor_id text,
        client_id text,
        token_id uuid,
        customer_id text,
        ip text,
        user_agent text,
        request_id text,
        method text,
        path text,
        detail jsonb NOT NULL,
        writer uuid,
        sequence bigint,
        hash bytea,
        previous_hash bytea,
        PRIMARY KEY (at, id)
      ) PARTITION BY RANGE (at)`);
    await queryRunner.query(`CREATE TABLE audit_events_default PARTITION OF audit_events DEFAULT`);
    await queryRunner.query(`CREATE INDEX audit_events_id ON audit_events (id)`);
    // Each serves the list's own order, `at` with the id breaking ties; so does the primary key for all of it.
    for (const column of ['customer_id', 'type', 'client_id', 'token_id']) {
      const name = `audit_events_${column.replace('_id', '')}`;
      await queryRunner.query(`CREATE INDEX ${name} ON audit_events (${column}, at, id)`);
    }
    await queryRunner.query(`
      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit_events is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
      FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`);
    await queryRunner.query(`
      CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`);
    await queryRunner.query(`
      CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events_default
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE audit_events`);
    await queryRunner.query(`DROP FUNCTION refuse_audit_change`);
  }
}
