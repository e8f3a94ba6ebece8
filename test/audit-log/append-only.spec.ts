import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { recordedEvent } from './recorded-event.js';

describe('the database itself keeps the audit log append-only', () => {
  let env: TestEnvironment;
  let month: string;

  beforeAll(async () => {
    env = await createTestEnvironment();
    await env.registerClient();
    await recordedEvent(env, { at: '2020-01-01T00:00:00Z' });
    const { rows } = await env.database.query<{ partition: string; default: string }>(
      `SELECT DISTINCT tableoid::regclass::text AS partition FROM audit_events`,
    );
    month = rows.map(({ partition }) => partition).find((name) => name !== 'audit_events_default')!;
  });
  afterAll(() => env.close());

  it('an event of this month lies in the partition of its month', () => {
    const now = env.clock.now().toISOString();
    expect(month).toBe(`audit_events_${now.slice(0, 4)}_${now.slice(5, 7)}`);
  });

  it.each([
    ['UPDATE of the log', () => `UPDATE audit_events SET outcome = 'success'`],
    ['DELETE from the log', () => 'DELETE FROM audit_events'],
    ['TRUNCATE of the log', () => 'TRUNCATE audit_events'],
    ['UPDATE of the default partition', () => `UPDATE audit_events_default SET outcome = 'success'`],
    ['DELETE from the default partition', () => 'DELETE FROM audit_events_default'],
    ['TRUNCATE of the default partition', () => 'TRUNCATE audit_events_default'],
    ['UPDATE of a month', () => `UPDATE ${month} SET outcome = 'success'`],
    ['DELETE from a month', () => `DELETE FROM ${month}`],
    ['TRUNCATE of a month', () => `TRUNCATE ${month}`],
    ['an event moved to another month', () => `UPDATE audit_events SET at = at + interval '1 month'`],
    ['MERGE', () => 'MERGE INTO audit_events USING (SELECT) AS nothing ON true WHEN MATCHED THEN DELETE'],
    [
      'INSERT ON CONFLICT DO UPDATE',
      () =>
        `INSERT INTO audit_events SELECT * FROM audit_events ON CONFLICT (at, id) DO UPDATE SET outcome = 'success'`,
    ],
    ['TRUNCATE by cascade', () => 'TRUNCATE customers, audit_events CASCADE'],
  ])('%s is refused', async (_what, sql) => {
    const count = async () =>
      (await env.database.query<{ count: number }>('SELECT count(*)::int AS count FROM audit_events'))
        .rows[0]!.count;
    const before = await count();
    expect(before).toBeGreaterThan(1);
    await expect(env.database.query(sql())).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining('append-only'),
    });
    expect(await count()).toBe(before);
  });
});
