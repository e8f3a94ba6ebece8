import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { recordedEvent } from './recorded-event.js';

const LONG_AGO = 'to=2026-03-31';
const TOKEN = '019aa6f3-1d5e-7a0b-8c9d-6e5f4a3b2c1d';

describe('audit events are found by', () => {
  let env: TestEnvironment;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    env = await createTestEnvironment();
    ids.issued = await recordedEvent(env, { at: '2026-03-01T12:00:00.000Z', token_id: TOKEN });
    ids.expired = await recordedEvent(env, {
      at: '2026-03-02T12:00:00.000Z',
      type: 'access_token.expired_use',
      outcome: 'failure',
      token_id: TOKEN,
      ip: '2001:db8::7',
      path: '/pam/v1/devices',
      user_agent: 'Splunk/9 (100%_sure)',
      detail: { message: 'GET /pam/v1/devices was called too late.' },
    });
    ids.created = await recordedEvent(env, {
      at: '2026-03-03T12:00:00.000Z',
      type: 'client.created',
      actor_kind: 'operator',
      actor_id: 'Ada',
      client_id: 'crm-2',
      path: '/api/v1/clients',
    });
  });
  afterAll(() => env.close());

  async function found(query: string): Promise<string[]> {
    const { status, body } = await env.admin.get(`/api/v1/audit-events?sort=at&${LONG_AGO}&${query}`);
    expect(status).toBe(200);
    return body.items.map(({ id }: { id: string }) => Object.keys(ids).find((name) => ids[name] === id));
  }

  it.each([
    ['nothing in particular', '', ['issued', 'expired', 'created']],
    ['type', 'type=access_token.expired_use', ['expired']],
    ['outcome failure', 'outcome=failure', ['expired']],
    ['outcome success', 'outcome=success', ['issued', 'created']],
    ['client, exactly', 'client_id=crm', ['issued', 'expired']],
    ['another client', 'client_id=cr', []],
    ['token', `token_id=${TOKEN}`, ['issued', 'expired']],
    ['token, in capitals', `token_id=${TOKEN.toUpperCase()}`, ['issued', 'expired']],
    ['another token', 'token_id=00000000-0000-4000-8000-000000000000', []],
    ['actor, exactly', 'actor=Ada', ['created']],
    ['another actor', 'actor=ada', []],
    ['address', 'ip=203.0.113.7', ['issued', 'created']],
    ['IPv6 address', 'ip=2001:DB8::7', ['expired']],
    ['another address', 'ip=203.0.113.70', []],
    ['begin', 'from=2026-03-02T12:00:00Z', ['expired', 'created']],
    ['begin, with an offset', 'from=2026-03-02T14:00:00.001%2B02:00', ['created']],
    ['begin, as a date', 'from=2026-03-03', ['created']],
    ['type, as a substring without case', 'search=EXPIRED', ['expired']],
    ['client, as a substring', 'search=crm-', ['created']],
    ['actor, as a substring', 'search=ada', ['created']],
    ['path, as a substring', 'search=/pam/', ['expired']],
    ['user agent, as a substring', 'search=splunk', ['expired']],
    ['address, as a substring', 'search=203.0.113.', ['issued', 'created']],
    ['message, as a substring', 'search=too+late', ['expired']],
    ['wildcards taken literally', 'search=100%25_sure', ['expired']],
    ['wildcards that are nowhere', 'search=%25zz', []],
    ['a quote', "search='", []],
    ['two filters at once', 'client_id=crm&outcome=success', ['issued']],
  ])('%s', async (_what, query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('end, inclusive to the millisecond', async () => {
    const until = async (to: string) =>
      (await env.admin.get(`/api/v1/audit-events?count=true&to=${to}`)).body.total as number;
    expect(await until('2026-03-02T11:59:59.999Z')).toBe(1);
    expect(await until('2026-03-02T12:00:00Z')).toBe(2);
  });
});

describe('bad input is refused by name', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment();
  });
  afterAll(() => env.close());

  it.each([
    ['type=client.invented', 'type'],
    ['type=', 'type'],
    ['outcome=maybe', 'outcome'],
    ['token_id=1', 'token_id'],
    ['ip=localhost', 'ip'],
    ['ip=10.0.0.0/8', 'ip'],
    ['from=yesterday', 'from'],
    ['to=2026-02-30', 'to'],
    ['search=a%00b', 'search'],
    ['search=%ff', 'search'],
    ['actor=a&actor=b', 'actor'],
    ['customer_id=10001', 'customer_id'],
    ['page=1', 'page'],
    ['fields=id', 'fields'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['sort=ip', 'sort'],
    ['sort=constructor', 'sort'],
    ['count=1', 'count'],
    ['cursor=abc', 'cursor'],
  ])('%s', async (query, field) => {
    const { status, headers, body } = await env.admin.get(`/api/v1/audit-events?${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
  });

  it('all of it at once', async () => {
    const { body } = await env.admin.get('/api/v1/audit-events?limit=0&type=x&nonsense=1');
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'limit',
      'nonsense',
      'type',
    ]);
  });

  it.each([
    '1',
    'abc',
    '019aa6f31d5e7a0b8c9d6e5f4a3b2c1d',
    'a%00b',
    '019aa6f3-1d5e-7a0b-8c9d-6e5f4a3b2c1d%20',
  ])('an id of the wrong shape: %s', async (id) => {
    const { status, body } = await env.admin.get(`/api/v1/audit-events/${id}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'id' }] });
  });
});
