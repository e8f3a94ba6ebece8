import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';
import { inParallel } from '../support/waiting.js';
import { chainsOf, hashOf } from './auditor.js';
import { recordedEvent } from './recorded-event.js';

const VERIFICATION = '/api/v1/audit-events/verification';
const NDJSON = { headers: { accept: 'application/x-ndjson' } };
const OWN = ['audit_events', 'audit_writers', 'audit_checkpoints', 'audit_chain_start'];

describe('the audit log is chained', () => {
  let env: TestEnvironment;

  beforeAll(async () => {
    env = await createTestEnvironment({ auditUpkeepEveryMs: 50, variables: { LOG_LEVEL: 'silent' } });
    await inParallel([...Array(8).keys()], 4, async () => void (await env.registerClient()));
    for (let count = 0; count < 5; count += 1) await recordedEvent(env, { detail: { count } });
    for (const table of OWN)
      await env.database.query(`CREATE TABLE saved_${table} AS SELECT * FROM ${table} LIMIT 0`);
  });
  afterAll(() => env.close());

  async function exported(): Promise<any[]> {
    const { text } = await env.admin.get('/api/v1/audit-events?sort=at', NDJSON);
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  async function verified(api = env.admin) {
    const { status, body } = await api.get(VERIFICATION);
    expect(status).toBe(200);
    return body;
  }

  /** As whoever owns the database could: no trigger keeps him from it. */
  async function asOwner(...statements: string[]): Promise<void> {
    await env.database.transaction(async (transaction) => {
      for (const table of OWN) await transaction.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      for (const statement of statements) await transaction.query(statement);
      for (const table of OWN) await transaction.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    });
  }

  /** The longest chain, in its order. */
  async function chain(): Promise<any[]> {
    return chainsOf(await exported()).sort((a, b) => b.length - a.length)[0]!;
  }

  const headOf = (writer: string) => `(SELECT sequence FROM audit_writers WHERE writer = '${writer}')`;

  /** The last checkpoint has seen all that there is. */
  async function checkpointed(): Promise<void> {
    await eventually(async () => {
      const { rows } = await env.database.query<{ jws: string }>(
        'SELECT jws FROM audit_checkpoints ORDER BY number DESC LIMIT 1',
      );
      if (!rows[0]) return false;
      const { heads } = JSON.parse(Buffer.from(rows[0].jws.split('.')[1]!, 'base64url').toString());
      const { rows: writers } = await env.database.query<{ writer: string; sequence: string }>(
        'SELECT writer, sequence FROM audit_writers',
      );
      return writers.every(({ writer, sequence }) => heads[writer]?.sequence === Number(sequence));
    });
  }

  it('and holds, by every event that there is', async () => {
    const events = await exported();
    const body = await verified();
    expect(body).toMatchObject({ intact: true, events: events.length, unchained: 0, fault: null });
    expect(body.writers).toBeGreaterThan(0);
  });

  it('by hashes that anybody can compute from an export, each over the one before it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), fc.string(), async (detail, text) => {
        const plain = JSON.stringify({ detail }).replaceAll('\\u0000', '');
        const safe = text.replaceAll('\0', '').toWellFormed();
        await recordedEvent(env, { detail: wholeNumbers(JSON.parse(plain)), user_agent: safe });
      }),
      { numRuns: 20 },
    );
    for (const events of chainsOf(await exported())) {
      events.forEach((event, index) => {
        expect(event.sequence).toBe(index + 1);
        expect(event.previous_hash).toBe(index === 0 ? '0'.repeat(64) : events[index - 1].hash);
        expect(hashOf(event)).toBe(event.hash);
      });
    }
    expect((await verified()).intact).toBe(true);
  });

  it('whoever inserts: an instance of before, which knows nothing of it, and one by one or many at once', async () => {
    await env.database.query(
      `INSERT INTO audit_events (id, at, type, outcome, actor_kind, detail)
       SELECT gen_random_uuid(), now(), 'client.created', 'success', 'system', '{}' FROM generate_series(1, 3)`,
    );
    expect(await verified()).toMatchObject({ intact: true, unchained: 0 });
  });

  it('through transactions side by side, and some that are rolled back', async () => {
    await inParallel([...Array(60).keys()], 6, async (number) => {
      const rows = (type: string) => {
        const event = { at: new Date(), type, outcome: 'success', actor_kind: 'system', detail: {} };
        return JSON.stringify(
          Array.from({ length: 1 + (number % 3) }, () => ({ ...event, id: randomUUID() })),
        );
      };
      await env.database
        .transaction(async (transaction) => {
          const insert = 'INSERT INTO audit_events SELECT * FROM chained_audit_events($1::jsonb)';
          await transaction.query(insert, [rows('scope.created')]);
          if (number % 4 === 0) throw new Error('rolled back');
          await transaction.query('SAVEPOINT later');
          await transaction.query(insert, [rows('scope.deleted')]);
          if (number % 4 === 1) await transaction.query('ROLLBACK TO later');
        })
        .catch((error: Error) => expect(error.message).toBe('rolled back'));
    });
    const events = await exported();
    expect(events.filter(({ type }) => type === 'scope.deleted').length).toBeGreaterThan(20);
    expect(await verified()).toMatchObject({ intact: true, events: events.length });
  });

  it('and answers to those with audit:read, without another customer’s events', async () => {
    const neighbour = await env.addCustomer('20002');
    expect(await verified(neighbour)).toMatchObject({ intact: true, events: null, unchained: null });
    const { api } = await env.registerClient({ scopes: ['tokens:read'] });
    expect((await api.get(VERIFICATION)).status).toBe(403);
    expect((await env.anonymous.get(VERIFICATION)).status).toBe(401);
  });

  it('whose heads go forward only, and whose checkpoints stay', async () => {
    for (const sql of [
      'UPDATE audit_writers SET sequence = sequence - 1',
      'DELETE FROM audit_writers',
      'TRUNCATE audit_writers',
      'UPDATE audit_checkpoints SET number = 0',
      'DELETE FROM audit_checkpoints',
      'TRUNCATE audit_checkpoints',
      'TRUNCATE audit_chain_start',
    ]) {
      await checkpointed();
      await expect(env.database.query(sql)).rejects.toMatchObject({ code: '42501' });
    }
  });

  describe('so that it shows', () => {
    const of = (event: any) => ({ writer: event.writer, sequence: event.sequence, event: event.id });

    // At its end a server takes a last checkpoint; this one takes none meanwhile.
    beforeAll(async () => {
      env = await env.restart({ LOG_LEVEL: 'silent' });
      await checkpointed();
      for (const table of OWN) await env.database.query(`INSERT INTO saved_${table} SELECT * FROM ${table}`);
    });
    afterEach(async () => {
      await asOwner(
        ...OWN.flatMap((table) => [
          `DELETE FROM ${table}`,
          `INSERT INTO ${table} SELECT * FROM saved_${table}`,
        ]),
      );
      expect((await verified()).intact).toBe(true);
    });

    it.each([
      ['its detail', `detail = '{"count": 100}'`],
      ['who did it', `actor_id = 'another'`],
      ['when it was', `at = at + interval '1 second'`],
      ['what was null', `token_id = gen_random_uuid()`],
      ['its hash', `hash = sha256('')`],
      ['its place, taken away', `hash = NULL`],
    ])('when an event is altered: %s', async (_what, change) => {
      const event = (await chain())[3];
      await asOwner(`UPDATE audit_events SET ${change} WHERE id = '${event.id}'`);
      const { intact, fault } = await verified();
      expect(intact).toBe(false);
      expect(fault).toMatchObject({
        kind: 'altered',
        ...of(event),
        message: expect.stringContaining(event.id),
      });
    });

    it('when the newest is altered, and its hash and head with it', async () => {
      const newest = (await chain()).at(-1);
      const { id, writer } = newest;
      await asOwner(
        `UPDATE audit_events SET actor_id = 'another' WHERE id = '${id}'`,
        `UPDATE audit_events e SET hash = audit_event_hash(e) WHERE id = '${id}'`,
        `UPDATE audit_writers SET hash = (SELECT hash FROM audit_events WHERE id = '${id}') WHERE writer = '${writer}'`,
      );
      expect((await verified()).fault).toMatchObject({ kind: 'rewritten', ...of(newest) });
    });

    it('when one is removed', async () => {
      const [, removed, next] = await chain();
      await asOwner(`DELETE FROM audit_events WHERE id = '${removed.id}'`);
      const { fault } = await verified();
      expect(fault).toMatchObject({ kind: 'missing', sequence: removed.sequence, event: next.id });
      expect(fault.message).toContain(`Event ${removed.sequence} of writer ${removed.writer} is missing`);
    });

    it('when the first ones are removed', async () => {
      const [, , third, fourth] = await chain();
      await asOwner(`DELETE FROM audit_events WHERE writer = '${third.writer}' AND sequence <= 3`);
      expect((await verified()).fault).toMatchObject({ kind: 'missing', sequence: 1, event: fourth.id });
    });

    it('when the newest is removed', async () => {
      const newest = (await chain()).at(-1);
      await asOwner(`DELETE FROM audit_events WHERE id = '${newest.id}'`);
      expect((await verified()).fault).toMatchObject({ kind: 'newest_removed', sequence: newest.sequence });
    });

    it('when the newest is removed, and the head turned back', async () => {
      const events = await chain();
      const { id, writer, sequence, previous_hash } = events.at(-1);
      await asOwner(
        `DELETE FROM audit_events WHERE id = '${id}'`,
        `UPDATE audit_writers SET sequence = sequence - 1, hash = '\\x${previous_hash}' WHERE writer = '${writer}'`,
      );
      expect((await verified()).fault).toMatchObject({ kind: 'newest_removed', writer, sequence });
    });

    it('when a whole chain is removed', async () => {
      const [{ writer }] = await chain();
      await asOwner(
        `DELETE FROM audit_events WHERE writer = '${writer}'`,
        `DELETE FROM audit_writers WHERE writer = '${writer}'`,
      );
      expect((await verified()).fault).toMatchObject({ kind: 'newest_removed', writer, sequence: 1 });
    });

    it('when two change their places', async () => {
      const [, second, third] = await chain();
      await asOwner(
        `UPDATE audit_events SET sequence = 5 - sequence WHERE writer = '${second.writer}' AND sequence IN (2, 3)`,
      );
      expect((await verified()).fault).toMatchObject({ kind: 'altered', sequence: 2, event: third.id });
    });

    it('when they do, and their hashes fit their places', async () => {
      const [, , third] = await chain();
      await asOwner(
        `UPDATE audit_events SET sequence = 5 - sequence WHERE writer = '${third.writer}' AND sequence IN (2, 3)`,
        `UPDATE audit_events e SET hash = audit_event_hash(e) WHERE writer = '${third.writer}' AND sequence IN (2, 3)`,
      );
      expect((await verified()).fault).toMatchObject({ kind: 'relinked', sequence: 2, event: third.id });
    });

    it('when one is put in a place that is taken, beyond the head, or into a chain of its own', async () => {
      const [first] = await chain();
      const copy = (writer: string, sequence: string) =>
        `INSERT INTO audit_events SELECT (jsonb_populate_record(e, jsonb_build_object(
           'id', gen_random_uuid(), 'writer', ${writer}, 'sequence', ${sequence}))).* FROM audit_events e WHERE id = '${first.id}'`;
      for (const [writer, sequence, where] of [
        ['writer', '2', 2],
        ['writer', `${headOf(first.writer)} + 1`, 'beyond the head'],
        [`'${randomUUID()}'`, '1', 'beyond the head'],
      ] as const) {
        await asOwner(copy(writer, sequence));
        const { fault } = await verified();
        expect(fault.kind).toBe('inserted');
        if (typeof where === 'number') expect(fault.sequence).toBe(where);
        else expect(fault.message).toContain(where);
        await asOwner(
          `DELETE FROM audit_events e WHERE NOT EXISTS (SELECT FROM saved_audit_events s WHERE s.id = e.id)`,
        );
      }
    });

    it('when one is inserted past the chain', async () => {
      const id = randomUUID();
      await asOwner(
        `INSERT INTO audit_events (id, at, type, outcome, actor_kind, detail)
         VALUES ('${id}', '2026-03-01', 'client.created', 'success', 'system', '{}')`,
      );
      expect((await verified()).fault).toMatchObject({ kind: 'unchained', event: id });
    });

    it('when the whole chain is written anew', async () => {
      const events = await chain();
      const { writer } = events[0];
      await asOwner(
        `UPDATE audit_events SET actor_id = 'another' WHERE id = '${events[1].id}'`,
        `DO $$ DECLARE e audit_events; h bytea := '\\x${'00'.repeat(32)}'; BEGIN
           FOR e IN SELECT * FROM audit_events WHERE writer = '${writer}' ORDER BY sequence LOOP
             e.previous_hash := h; h := audit_event_hash(e);
             UPDATE audit_events SET previous_hash = e.previous_hash, hash = h WHERE id = e.id;
           END LOOP;
           UPDATE audit_writers SET hash = h WHERE writer = '${writer}';
         END $$`,
      );
      expect((await verified()).fault).toMatchObject({ kind: 'rewritten', ...of(events.at(-1)) });
    });

    it('when a checkpoint is altered, or another’s', async () => {
      const last = '(SELECT max(number) FROM audit_checkpoints)';
      for (const jws of [
        `split_part(jws, '.', 1) || '.e30.' || split_part(jws, '.', 3)`,
        `'eyJhbGciOiJub25lIn0.e30.'`,
      ]) {
        await asOwner(`UPDATE audit_checkpoints SET jws = ${jws} WHERE number = ${last}`);
        expect((await verified()).fault).toMatchObject({ kind: 'checkpoint' });
        await asOwner(
          'DELETE FROM audit_checkpoints',
          'INSERT INTO audit_checkpoints SELECT * FROM saved_audit_checkpoints',
        );
      }
    });

    it('to a caller of another customer, but not which', async () => {
      const event = (await chain())[1];
      await asOwner(`UPDATE audit_events SET actor_id = 'another' WHERE id = '${event.id}'`);
      const { api } = await env.registerClient({ scopes: ['audit:read'] });
      const body = await verified(api);
      const hidden = { message: null, writer: null, sequence: null, event: null };
      expect(body).toMatchObject({ intact: false, fault: { kind: 'altered', ...hidden } });
      expect(JSON.stringify(body)).not.toContain(event.id);
    });
  });

  it('and no checkpoint covers up what is broken', async () => {
    const { id, writer, previous_hash } = (await chain()).at(-1);
    await asOwner(
      `DELETE FROM audit_events WHERE id = '${id}'`,
      `UPDATE audit_writers SET sequence = sequence - 1, hash = '\\x${previous_hash}' WHERE writer = '${writer}'`,
    );
    env = await env.restart({ LOG_LEVEL: 'silent' });
    expect((await verified()).fault).toMatchObject({ kind: 'newest_removed', writer });
  });

  it('shares one look among those who ask at once', async () => {
    const api = ApiClient.basic(env.url, env.adminCredentials.clientId, env.adminCredentials.clientSecret);
    const all = await Promise.all([1, 2, 3].map(() => verified(api)));
    expect(new Set(all.map(({ verified_at }) => verified_at)).size).toBe(1);
  });
});

/** Numbers as Postern’s own details hold them: whole, and no larger than JSON of every language takes. */
function wholeNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Math.trunc(value) % 2 ** 53 || 0;
  if (Array.isArray(value)) return value.map(wholeNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wholeNumbers(member)]));
}
