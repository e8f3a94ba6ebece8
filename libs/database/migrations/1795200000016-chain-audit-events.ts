import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of a chain's first event, in place of what comes before it. */
const BEGINNING = `'\\x${'00'.repeat(32)}'`;

/**
 * Chains audit events where they are inserted, within the inserting transaction: what is rolled back
 * leaves no gap, and an older instance, which knows nothing of it, is chained as well. There are as
 * many chains ("writers") as transactions have ever inserted events at once: each takes one that is
 * free, so that none waits for another.
 * @see docs/audit-chain.md
 */
export class ChainAuditEvents1795200000016 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const run = (sql: string) => queryRunner.query(sql);
    // Whoever inserts is waited for, and waits: what is there already is counted, and all that follows is chained.
    await run(`LOCK TABLE audit_events IN SHARE ROW EXCLUSIVE MODE`);
    await run(`
      CREATE TABLE audit_writers (
        writer uuid PRIMARY KEY,
        sequence bigint NOT NULL,
        hash bytea NOT NULL
      ) WITH (fillfactor = 20)`);
    await run(`
      CREATE TABLE audit_chain_start (
        started_at timestamptz NOT NULL,
        unchained bigint NOT NULL
      )`);
    await run(`
      INSERT INTO audit_chain_start SELECT now(), count(*) FROM audit_events WHERE writer IS NULL HAVING count(*) > 0`);
    // Where it was taken back before, the chains go on.
    await run(`
      INSERT INTO audit_writers SELECT DISTINCT ON (writer) writer, sequence, hash FROM audit_events
      WHERE writer IS NOT NULL ORDER BY writer, sequence DESC`);
    for (const sql of [HASH, TAKE_WRITER, CHAINED_EVENTS, CHAIN_ROW, GUARD_HEADS]) await run(sql);
    for (const trigger of TRIGGERS) await run(`CREATE TRIGGER ${trigger}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const run = (sql: string) => queryRunner.query(sql);
    await run(`DROP TRIGGER audit_events_chain ON audit_events`);
    await run(`DROP FUNCTION chain_audit_event, chained_audit_events, take_audit_writer, audit_event_hash`);
    await run(`DROP TABLE audit_writers, audit_chain_start`);
    await run(`DROP FUNCTION guard_audit_head`);
  }
}

/** SHA-256 over the hash before it and a JSON array of all that the event is; docs/audit-chain.md has it in words. */
const HASH = `
  CREATE FUNCTION audit_event_hash(e audit_events) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(e.previous_hash || convert_to(json_build_array(
      e.writer, e.sequence, e.id, (extract(epoch FROM e.at) * 1000)::bigint, e.type, e.outcome, e.actor_kind, e.actor_id,
      e.client_id, e.token_id, e.customer_id, e.ip, e.user_agent, e.request_id, e.method, e.path, e.detail)::text, 'UTF8'))
  $$`;

/** A transaction keeps its writer to its end: a setting of the transaction's own remembers which. */
const TAKE_WRITER = `
  CREATE FUNCTION take_audit_writer() RETURNS audit_writers LANGUAGE plpgsql AS $$
  DECLARE
    own text := current_setting('postern.audit_writer', true);
    taken audit_writers;
  BEGIN
    IF own <> '' THEN
      SELECT * INTO taken FROM audit_writers WHERE writer = own::uuid FOR UPDATE;
      RETURN taken;
    END IF;
    SELECT * INTO taken FROM audit_writers ORDER BY writer LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
      INSERT INTO audit_writers VALUES (gen_random_uuid(), 0, ${BEGINNING}) RETURNING * INTO taken;
    END IF;
    PERFORM set_config('postern.audit_writer', taken.writer::text, true);
    RETURN taken;
  END $$`;

/** Events as a JSON array, as rows that are chained: half the cost of doing so row by row. */
const CHAINED_EVENTS = `
  CREATE FUNCTION chained_audit_events(events jsonb) RETURNS SETOF audit_events LANGUAGE plpgsql AS $$
  DECLARE
    head audit_writers := take_audit_writer();
    e audit_events;
  BEGIN
    FOR e IN SELECT * FROM jsonb_populate_recordset(NULL::audit_events, events) LOOP
      head.sequence := head.sequence + 1;
      e.writer := head.writer;
      e.sequence := head.sequence;
      e.previous_hash := head.hash;
      head.hash := audit_event_hash(e);
      e.hash := head.hash;
      RETURN NEXT e;
    END LOOP;
    UPDATE audit_writers SET sequence = head.sequence, hash = head.hash WHERE writer = head.writer;
  END $$`;

/** What was inserted in any other way, as instances of before do. */
const CHAIN_ROW = `
  CREATE FUNCTION chain_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    head audit_writers := take_audit_writer();
  BEGIN
    NEW.writer := head.writer;
    NEW.sequence := head.sequence + 1;
    NEW.previous_hash := head.hash;
    NEW.hash := audit_event_hash(NEW);
    UPDATE audit_writers SET sequence = NEW.sequence, hash = NEW.hash WHERE writer = NEW.writer;
    RETURN NEW;
  END $$`;

const GUARD_HEADS = `
  CREATE FUNCTION guard_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' AND NEW.writer = OLD.writer AND NEW.sequence >= OLD.sequence THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION '% goes forward only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
  END $$`;

const TRIGGERS = [
  `audit_events_chain BEFORE INSERT ON audit_events FOR EACH ROW WHEN (NEW.hash IS NULL) EXECUTE FUNCTION chain_audit_event()`,
  `audit_writers_forward BEFORE UPDATE OR DELETE ON audit_writers FOR EACH ROW EXECUTE FUNCTION guard_audit_head()`,
  `audit_writers_no_truncate BEFORE TRUNCATE ON audit_writers FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_head()`,
  `audit_chain_start_fixed BEFORE UPDATE OR DELETE ON audit_chain_start FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`,
  `audit_chain_start_no_truncate BEFORE TRUNCATE ON audit_chain_start FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,
];
