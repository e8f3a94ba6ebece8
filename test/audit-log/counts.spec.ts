import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { recordedEvent } from './recorded-event.js';

const COUNTS = '/api/v1/audit-events/counts';
/** Long ago, where nothing else is on record. */
const MARCH = 'from=2026-03-01T10:00:00Z&to=2026-03-01T13:00:00Z';
const refused = (type: string) => ({ type, outcome: 'failure' });

describe('the counts of audit events', () => {
  let env: TestEnvironment;

  beforeAll(async () => {
    env = await createTestEnvironment();
    for (const [at, fields] of [
      ['2026-03-01T09:59:59.999Z', {}],
      ['2026-03-01T10:00:00.000Z', {}],
      ['2026-03-01T10:30:00.000Z', refused('access_token.expired_use')],
      ['2026-03-01T10:59:59.999Z', { ...refused('access_token.expired_use'), customer_id: '20002' }],
      ['2026-03-01T12:00:00.000Z', { ...refused('client_authentication.failed'), client_id: 'erp' }],
      ['2026-03-01T12:01:00.000Z', { ...refused('access_token.unknown_use'), customer_id: null }],
      ['2026-03-01T13:00:00.000Z', {}],
      ['2026-03-02T00:00:00.000Z', refused('access_token.expired_use')],
    ] as const) {
      await recordedEvent(env, { at, customer_id: env.customerId, ...fields });
    }
  });
  afterAll(() => env.close());

  const countsOf = async (query: string, api = env.admin) => {
    const { status, body } = await api.get(`${COUNTS}?${query}`);
    expect(status).toBe(200);
    return body.items.map(({ counts }: any) => counts);
  };

  it('are by the hour and by type, and no hour is left out', async () => {
    expect((await env.admin.get(`${COUNTS}?${MARCH}`)).body).toEqual({
      per: 'hour',
      from: '2026-03-01T10:00:00.000Z',
      to: '2026-03-01T13:00:00.000Z',
      items: [
        {
          at: '2026-03-01T10:00:00.000Z',
          counts: { 'access_token.issued': 1, 'access_token.expired_use': 2 },
        },
        { at: '2026-03-01T11:00:00.000Z', counts: {} },
        {
          at: '2026-03-01T12:00:00.000Z',
          counts: { 'client_authentication.failed': 1, 'access_token.unknown_use': 1 },
        },
      ],
    });
  });

  it('are by the day of UTC', async () => {
    expect(await countsOf('per=day&from=2026-03-01&to=2026-03-03&outcome=failure')).toEqual([
      {
        'access_token.expired_use': 2,
        'client_authentication.failed': 1,
        'access_token.unknown_use': 1,
      },
      { 'access_token.expired_use': 1 },
    ]);
  });

  it('are of one outcome, or about one client', async () => {
    expect(await countsOf(`${MARCH}&outcome=success`)).toEqual([{ 'access_token.issued': 1 }, {}, {}]);
    expect((await countsOf(`${MARCH}&outcome=failure`))[0]).toEqual({ 'access_token.expired_use': 2 });
    expect(await countsOf(`${MARCH}&client_id=erp`)).toEqual([{}, {}, { 'client_authentication.failed': 1 }]);
    expect(await countsOf(`${MARCH}&client_id=er`)).toEqual([{}, {}, {}]);
  });

  it('are those of the last 24 hours where nothing is said, with what was refused just now', async () => {
    const failures = async () => (await countsOf('outcome=failure')).at(-1)['access_token.unknown_use'] ?? 0;
    const before = await failures();
    expect((await env.admin.get(COUNTS)).body.items).toHaveLength(24);
    await env.anonymous.get('/pam/v1/devices', { headers: { authorization: 'Bearer pst_never_issued' } });
    expect(await failures()).toBe(before + 1);
  });

  it('are limited to the customer of who asks', async () => {
    const neighbour = await env.addCustomer('20002');
    expect(await countsOf(MARCH, neighbour)).toEqual([{ 'access_token.expired_use': 1 }, {}, {}]);
    const { api } = await env.registerClient({ scopes: ['audit:read'] });
    expect(await countsOf(MARCH, api)).toEqual([
      { 'access_token.issued': 1, 'access_token.expired_use': 1 },
      {},
      { 'client_authentication.failed': 1 },
    ]);
  });

  it('are for those who may see the audit log', async () => {
    const { api } = await env.registerClient({ scopes: ['tokens:read'] });
    expect((await api.get(COUNTS)).status).toBe(403);
    expect((await env.anonymous.get(COUNTS)).status).toBe(401);
  });

  it.each([
    ['per=minute', 'per', 'must be one of hour, day'],
    ['from=soon', 'from', 'must be an RFC 3339 time, such as 2026-01-31T12:00:00Z'],
    ['to=2026-02-30', 'to', 'must be an RFC 3339 time, such as 2026-01-31T12:00:00Z'],
    ['from=2026-03-02&to=2026-03-02', 'from', 'must be before `to`, which is now where it is not given'],
    ['from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:01Z', 'from', 'must be 744 hours before `to` at most'],
    ['per=day&from=2025-01-01&to=2026-01-03', 'from', 'must be 366 days before `to` at most'],
    ['outcome=maybe', 'outcome', 'must be one of success, failure'],
    ['type=client.created', 'type', 'is not a parameter of this operation'],
    ['client_id=a&client_id=b', 'client_id', 'must not be repeated'],
  ])('are refused for ?%s, which is named', async (query, field, message) => {
    const { status, body } = await env.admin.get(`${COUNTS}?${query}`);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field, message }]);
  });

  it.each([
    'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z',
    'per=day&from=2025-01-01&to=2026-01-02',
    'from=0000-01-01T00:00:00Z&to=0000-01-02T00:00:00Z',
    'from=9999-12-31T23:00:00Z&to=9999-12-31T23:59:59Z',
  ])('reach as far as ?%s', async (query) => {
    expect((await env.admin.get(`${COUNTS}?${query}`)).status).toBe(200);
  });
});
