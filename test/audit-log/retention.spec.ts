import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';
import { hashOf } from './auditor.js';
import { recordedEvent } from './recorded-event.js';

const DAY = 86_400;

describe('audit events are kept as long as POSTERN_AUDIT_RETENTION_DAYS says', () => {
  let env: TestEnvironment;
  let months: [string, string];

  beforeAll(async () => {
    env = await createTestEnvironment({
      auditUpkeepEveryMs: 50,
      variables: { POSTERN_AUDIT_RETENTION_DAYS: '100', LOG_LEVEL: 'silent' },
    });
    const { rows } = await env.database.query<{ month: string }>(
      `SELECT inhrelid::regclass::text AS month FROM pg_inherits
       WHERE inhparent = 'audit_events'::regclass AND inhrelid <> 'audit_events_default'::regclass ORDER BY 1`,
    );
    months = [rows[0]!.month, rows[1]!.month];
  });
  afterAll(() => env.close());

  async function verified() {
    const { body } = await env.admin.get('/api/v1/audit-events/verification');
    return body;
  }

  const firstOf = (month: string, days = 0) =>
    new Date(Date.parse(`${month.slice(13).replace('_', '-')}-01T00:00:00Z`) + days * DAY * 1000);
  const partitions = async () =>
    (
      await env.database.query<{ name: string }>(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_events'::regclass`,
      )
    ).rows.map(({ name }) => name);
  const isThere = async (id: string) => (await env.admin.get(`/api/v1/audit-events/${id}`)).status === 200;

  /** One of a writer's events each, in this order: clocks do not go by the sequence. */
  async function recordedAt(...times: Date[]): Promise<string[]> {
    const ids: string[] = [];
    for (const at of times) ids.push(await recordedEvent(env, { at }));
    return ids;
  }

  it('a month that is wholly older is dropped, and the chain begins after it', async () => {
    const [first, second] = months;
    const [kept, dropped, after] = await recordedAt(
      firstOf(second, 1),
      firstOf(second, -1),
      firstOf(second, 2),
    );
    env.clock.set(firstOf(second, 100));
    // To the millisecond it is still kept.
    env.clock.advance(-5);
    expect(await isThere(dropped!)).toBe(true);
    env.clock.advance(10);
    await eventually(async () => !(await partitions()).includes(first));
    expect(await partitions()).toContain(second);
    expect([await isThere(kept!), await isThere(dropped!), await isThere(after!)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(await verified()).toMatchObject({ intact: true, fault: null });
  });

  describe('and what is left is guarded as before', () => {
    const asOwner = (...statements: string[]) =>
      env.database.transaction(async (transaction) => {
        await transaction.query('ALTER TABLE audit_events DISABLE TRIGGER USER');
        for (const statement of statements) await transaction.query(statement);
        await transaction.query('ALTER TABLE audit_events ENABLE TRIGGER USER');
      });

    it.each([
      ['of before what was dropped last', 'ASC'],
      ['of after it', 'DESC'],
    ])('one %s', async (_which, direction) => {
      const { rows } = await env.database.query<{ id: string; sequence: number }>(
        `SELECT id, sequence::float8 AS sequence FROM audit_events e WHERE at >= $1 AND EXISTS (
           SELECT FROM audit_events WHERE writer = e.writer AND sequence > e.sequence)
         ORDER BY sequence ${direction} LIMIT 1`,
        [firstOf(months[1])],
      );
      const { id, sequence } = rows[0]!;
      await env.database.query(`CREATE TABLE saved AS SELECT * FROM audit_events WHERE id = '${id}'`);
      await asOwner(`UPDATE audit_events SET actor_id = 'another' WHERE id = '${id}'`);
      expect((await verified()).fault).toMatchObject({ kind: 'altered', event: id });
      await asOwner(`DELETE FROM audit_events WHERE id = '${id}'`);
      expect((await verified()).fault).toMatchObject({ kind: 'missing', sequence });
      await asOwner('INSERT INTO audit_events SELECT * FROM saved', 'DROP TABLE saved');
      expect(await verified()).toMatchObject({ intact: true });
    });
  });

  it('so is what the default partition has, and no more', async () => {
    const [old, young] = await recordedAt(new Date('2020-05-05'), new Date('2099-05-05'));
    await eventually(async () => !(await isThere(old!)));
    expect(await isThere(young!)).toBe(true);
    expect(await verified()).toMatchObject({ intact: true });
    await expect(env.database.query('DELETE FROM audit_events_default')).rejects.toMatchObject({
      code: '42501',
    });
    const { body } = await env.admin.get(`/api/v1/audit-events/${young}`);
    expect(hashOf(body)).toBe(body.hash);
  });

  it('a second month goes as the first one did, with what the first had left', async () => {
    env.clock.advance(40 * DAY);
    await eventually(async () => !(await partitions()).includes(months[1]));
    expect(await verified()).toMatchObject({ intact: true });
  });

  // POSTERN_TEST_AUDIT_EVENTS=1000000 is the figure of docs/reliability.md.
  it('and all that there are are verified within a minute', async () => {
    const most = Number(process.env.POSTERN_TEST_AUDIT_EVENTS ?? 20_000);
    for (let made = 0; made < most; made += 5000) {
      await env.database.query(
        `INSERT INTO audit_events SELECT * FROM chained_audit_events((
           SELECT jsonb_agg(jsonb_build_object('id', gen_random_uuid(), 'at', $1::timestamptz, 'type', 'access_token.issued',
             'outcome', 'success', 'actor_kind', 'client', 'actor_id', 'crm', 'client_id', 'crm', 'customer_id', '10001',
             'token_id', gen_random_uuid(), 'ip', '203.0.113.7', 'user_agent', 'curl/8.5.0', 'method', 'POST',
             'path', '/oauth2/token', 'detail', jsonb_build_object('grant_type', 'client_credentials', 'scopes', '["users:read"]')))
           FROM generate_series(1, 5000)))`,
        [env.clock.now()],
      );
    }
    const began = performance.now();
    const { intact, events } = await verified();
    const seconds = (performance.now() - began) / 1000;
    expect(intact).toBe(true);
    expect(events).toBeGreaterThan(most);
    expect(seconds).toBeLessThan(60);
    if (process.env.POSTERN_TEST_AUDIT_EVENTS)
      process.stdout.write(`${events} events verified in ${seconds.toFixed(1)} s\n`);
  }, 900_000);
});
