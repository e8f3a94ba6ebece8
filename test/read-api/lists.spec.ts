import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDevice, anAccount, aUser, importRows } from '../inventory/fixtures.js';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

let env: TestEnvironment;
let api: ApiClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ api } = await env.registerClient());
  await importRows(env.admin, 'users', [
    aUser('u1', { username: 'Ana.Fernandez', mfa_enabled: true, expires_at: '2026-06-30T22:00:00Z' }),
    aUser('u2', { username: 'ben_100%', mfa_enabled: false, role: 'admin' }),
    aUser('u3', { username: 'carla', first_name: null, active: false, last_login_at: null }),
  ]);
  await importRows(env.admin, 'devices', [
    aDevice('d1', { name: 'alpha', zone: 'dmz', ports: [22, 443], last_seen_at: '2026-01-01T00:00:00Z' }),
    aDevice('d2', { name: 'beta', zone: null, state: 'retired', protocols: ['rdp'], last_seen_at: null }),
    aDevice('d3', { name: 'gamma', zone: 'core', last_seen_at: '2026-01-03T00:00:00Z' }),
    aDevice('d4', { name: 'alpha', zone: null, last_seen_at: '2026-01-02T00:00:00Z' }),
  ]);
  await importRows(env.admin, 'accounts', [
    anAccount('a1', { device_id: 'd1', privileged: true }),
    anAccount('a2', { device_id: 'd10'.slice(0, 2), state: 'unapproved' }),
    anAccount('a3'),
  ]);
});

afterAll(() => env?.close());

async function ids(path: string): Promise<string[]> {
  const { status, body, text } = await api.get(`/pam/v1/${path}`);
  if (status !== 200) throw new Error(text);
  return body.items.map(({ id }: { id: string }) => id);
}

describe('a list of PAM data', () => {
  it('shows every field of a row, and none of the customer’s', async () => {
    const { body, headers } = await api.get('/pam/v1/devices?id=d1');
    expect(body).toEqual({
      items: [
        {
          ...aDevice('d1', { name: 'alpha', zone: 'dmz', ports: [22, 443] }),
          last_seen_at: '2026-01-01T00:00:00.000Z',
          updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        },
      ],
      next_cursor: null,
    });
    expect(headers.get('link')).toBe('</pam/v1/devices?id=d1>; rel="first"');
  });

  it.each([
    ['text matches substrings without case', 'users?username=FERN', ['u1']],
    ['wildcards in text stand for themselves', 'users?username=_100%25', ['u2']],
    ['a fixed set of values matches exactly', 'devices?state=retired', ['d2']],
    ['an id matches exactly', 'devices?id=d', []],
    ['a reference matches exactly', 'accounts?device_id=d1', ['a1', 'a2']],
    ['a flag', 'users?mfa_enabled=false', ['u2']],
    ['a list of texts by a member', 'devices?protocols=rdp', ['d2']],
    ['a list of numbers by a member', 'devices?ports=443', ['d1']],
    ['a time from', 'devices?last_seen_from=2026-01-02T00:00:00Z', ['d3', 'd4']],
    ['a time to', 'devices?last_seen_to=2026-01-02T00:00:00Z', ['d1', 'd4']],
    ['a time that is a date alone', 'users?expires_from=2026-06-30&expires_to=2026-07-01', ['u1']],
    ['several filters together', 'devices?name=alpha&zone=dmz', ['d1']],
    ['search over the main fields', 'users?search=carl', ['u3']],
  ])('filters: %s', async (_, path, expected) => {
    expect(await ids(path)).toEqual(expected);
  });

  it.each([
    ['devices', ['d1', 'd2', 'd3', 'd4']],
    ['devices?sort=-id', ['d4', 'd3', 'd2', 'd1']],
    ['devices?sort=zone', ['d3', 'd1', 'd2', 'd4']],
    ['devices?sort=-zone', ['d1', 'd3', 'd4', 'd2']],
    ['devices?sort=name', ['d1', 'd4', 'd2', 'd3']],
    ['devices?sort=-last_seen_at', ['d3', 'd4', 'd1', 'd2']],
    ['users?sort=mfa_enabled', ['u2', 'u1', 'u3']],
  ])('sorts %s, nulls last and ties by id', async (path, expected) => {
    expect(await ids(path)).toEqual(expected);
  });

  it.each(['name', '-name', 'zone', '-zone', 'last_seen_at', '-last_seen_at', 'state', 'id', '-id'])(
    'pages through ties and nulls by cursor, sorted by %s',
    async (sort) => {
      const whole = await ids(`devices?sort=${sort}`);
      const paged: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const after: string = cursor ? `&cursor=${cursor}` : '';
        const { body } = await api.get(`/pam/v1/devices?sort=${sort}&limit=1${after}`);
        paged.push(...body.items.map(({ id }: { id: string }) => id));
        cursor = body.next_cursor;
      }
      expect(paged).toEqual(whole);
    },
  );

  it('links to the next page', async () => {
    const first = await api.get('/pam/v1/devices?limit=3&count=true&sort=name');
    expect(first.body.total).toBe(4);
    const [, next] = /<([^>]+)>; rel="next"/.exec(first.headers.get('link')!)!;
    const second = await api.get(next!);
    expect(second.body.items.map(({ id }: { id: string }) => id)).toEqual(['d3']);
  });

  it('answers the chosen fields alone', async () => {
    const { body } = await api.get('/pam/v1/accounts?fields=username,privileged&sort=-state&limit=1');
    expect(body.items).toEqual([{ username: 'account-a2', privileged: false }]);
    expect(body.next_cursor).not.toBeNull();
  });

  it('answers what changed since a time', async () => {
    env.clock.advance(60);
    const since = env.clock.now().toISOString();
    await importRows(env.admin, 'users', [
      aUser('u2', { username: 'ben_100%', mfa_enabled: false, role: 'admin', first_name: 'Ben' }),
      aUser('u3', { username: 'carla', first_name: null, active: false, last_login_at: null }),
    ]);
    expect(await ids(`users?updated_since=${since}`)).toEqual(['u2']);
    expect(await ids(`users?updated_from=${since}`)).toEqual(['u2']);
  });
});

describe('bad input to a list is refused by name', () => {
  it.each([
    ['bogus=1', ['bogus']],
    ['sort=group_ids', ['sort']],
    ['sort=customer_id', ['sort']],
    ['customer_id=20002', ['customer_id']],
    ['limit=1&limit=2', ['limit']],
    ['limit=0', ['limit']],
    ['limit=1001', ['limit']],
    ['name=a&name=b', ['name']],
    ['count=yes', ['count']],
    ['state=broken', ['state']],
    ['ports=ssh', ['ports']],
    ['ports=99999999999', ['ports']],
    ['last_seen_from=yesterday', ['last_seen_from']],
    ['last_seen_from=2026-02-30T00:00:00Z', ['last_seen_from']],
    ['updated_since=', ['updated_since']],
    ['fields=id,secret', ['fields']],
    ['fields=', ['fields']],
    ['cursor=abc', ['cursor']],
    ['name=%00', ['name']],
    ['name=%ff', ['name']],
    ['name=%zz', ['name']],
    ['bogus=1&state=broken', ['bogus', 'state']],
  ])('%s', async (query, fields) => {
    const { status, body, headers } = await api.get(`/pam/v1/devices?${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body.code).toBe('invalid_request');
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(fields);
  });

  it('a cursor that was altered, or is another query’s', async () => {
    const { body } = await api.get('/pam/v1/devices?limit=1');
    const cursor: string = body.next_cursor;
    const altered = `${cursor[0] === 'a' ? 'b' : 'a'}${cursor.slice(1)}`;
    for (const path of [
      `devices?cursor=${altered}`,
      `devices?cursor=${cursor}&sort=name`,
      `devices?cursor=${cursor}&state=managed`,
      `users?cursor=${cursor}`,
    ]) {
      const answer = await api.get(`/pam/v1/${path}`);
      expect([path, answer.status, answer.body.errors[0].field]).toEqual([path, 400, 'cursor']);
    }
  });
});
