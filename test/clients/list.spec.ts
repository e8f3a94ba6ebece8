import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

let env: TestEnvironment;
/** Of a customer whose clients are these and no others, but for its administrator `Default Client Credential`. */
let api: ApiClient;

const CLIENTS = [
  { client_id: 'alpha', name: 'Alpha 100%', notes: 'SIEM', scopes: ['devices:read'], access_token_ttl: 60 },
  { client_id: 'beta', name: 'beta_one', notes: 'siem too', scopes: ['users:read'], access_token_ttl: 60 },
  { client_id: 'gamma', name: 'gamma\\two', active: false, scopes: [], access_token_ttl: 60 },
  {
    client_id: 'delta',
    name: 'Delta',
    scopes: ['devices:read', 'users:read'],
    access_token_ttl: 120,
    valid_until: '2031-01-01T00:00:00Z',
  },
];

beforeAll(async () => {
  env = await createTestEnvironment();
  api = await env.addCustomer('list');
  for (const body of CLIENTS) await api.post('/api/v1/clients', { body });
  await env.database.query(
    `UPDATE clients SET authorization_code_created_at = '2026-01-01T00:00:00Z',
       authorization_token_created_at = '2026-02-01T12:00:00Z', authorization_passthru_user = 'Ada_L' WHERE client_id = 'alpha'`,
  );
  await env.database.query(
    `UPDATE clients SET authorization_code_created_at = '2026-01-02T00:00:00Z',
       authorization_token_created_at = '2026-02-02T12:00:00Z', authorization_passthru_user = 'grace' WHERE client_id = 'beta'`,
  );
});
afterAll(() => env.close());

async function ids(query: string): Promise<string[]> {
  const { status, body, text } = await api.get(`/api/v1/clients?${query}`);
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body.items.map(({ client_id, name }: any) => (name.startsWith('Default') ? 'admin' : client_id));
}

describe('the list of clients', () => {
  it.each([
    ['search=SIEM', ['alpha', 'beta']],
    ['search=ALPHA', ['alpha']],
    ['client_id=TA', ['beta', 'delta']],
    ['name=%25', ['alpha']],
    ['name=100%25', ['alpha']],
    ['name=_', ['beta']],
    ['name=%5C', ['gamma']],
    ['name=a%5Ct', ['gamma']],
    ["name='", []],
    ['name=', ['alpha', 'beta', 'gamma', 'delta', 'admin']],
    ['active=false', ['gamma']],
    ['active=true&scope=users:read', ['beta', 'delta']],
    ['scope=devices:read', ['alpha', 'delta']],
    ['scope=devices', []],
    ['customer_id=list&name=delta', ['delta']],
    ['valid_until_before=2031-01-01T00:00:00.001Z', ['delta']],
    ['valid_until_before=2031-01-01', []],
    ['customer_id=10001', []],
    ['access_token_ttl=120', ['delta']],
    ['code_created_from=2026-01-01T00:00:00.001Z', ['beta']],
    ['code_created_to=2026-01-01T00:00:00Z', ['alpha']],
    ['token_created_from=2026-02-02', ['beta']],
    ['token_created_to=2026-02-02', ['alpha']],
    ['token_created_from=2026-02-01&token_created_to=2026-02-03', ['alpha', 'beta']],
    ['passthru_user=ada_', ['alpha']],
    ['passthru_user=%25', []],
  ])('filters by %s', async (query, expected) => {
    expect((await ids(query)).sort()).toEqual([...expected].sort());
  });

  it.each([
    ['sort=client_id&access_token_ttl=60', ['alpha', 'beta', 'gamma']],
    ['sort=-client_id&access_token_ttl=60', ['gamma', 'beta', 'alpha']],
    ['sort=access_token_ttl&search=elta', ['delta']],
    ['sort=-access_token_ttl&active=true&scope=devices:read', ['delta', 'alpha']],
    ['sort=code_created_at&access_token_ttl=60', ['alpha', 'beta', 'gamma']],
    ['sort=-code_created_at&access_token_ttl=60', ['beta', 'alpha', 'gamma']],
    ['sort=active&access_token_ttl=60', ['gamma', 'alpha', 'beta']],
    ['sort=passthru_user&access_token_ttl=60', ['alpha', 'beta', 'gamma']],
  ])('sorts by %s, nulls last', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it.each(
    [
      'client_id',
      'name',
      'customer_id',
      'active',
      'access_token_ttl',
      'created_at',
      'updated_at',
      'last_used_at',
    ]
      .concat('code_created_at', 'token_created_at', 'passthru_user')
      .flatMap((sort) => [sort, `-${sort}`]),
  )('goes on where a page ended, over ties and nulls too, by %s', async (sort) => {
    const whole = await ids(`sort=${sort}`);
    expect(whole).toHaveLength(5);
    const paged: string[] = [];
    let path: string | undefined = `/api/v1/clients?sort=${sort}&limit=2`;
    while (path) {
      const { body, headers } = await api.get(path);
      paged.push(
        ...body.items.map(({ client_id, name }: any) => (name.startsWith('Default') ? 'admin' : client_id)),
      );
      path = /<([^>]*)>; rel="next"/.exec(headers.get('link')!)?.[1];
      expect(path === undefined).toBe(body.next_cursor === null);
    }
    // The one who asks is used meanwhile.
    const atRest = (clients: string[]) =>
      sort.endsWith('last_used_at') ? clients.filter((id) => id !== 'admin') : clients;
    expect(atRest(paged)).toEqual(atRest(whole));
  });

  it('takes pages from 1, and links their neighbours', async () => {
    const whole = await ids('sort=client_id');
    expect(await ids('sort=client_id&limit=2&page=1')).toEqual(whole.slice(0, 2));
    expect(await ids('sort=client_id&limit=2&page=3')).toEqual(whole.slice(4));
    expect(await ids('sort=client_id&limit=2&page=9')).toEqual([]);
    const { headers } = await api.get('/api/v1/clients?limit=2&page=2');
    expect(headers.get('link')).toBe(
      '</api/v1/clients?limit=2&page=1>; rel="first", </api/v1/clients?limit=2&page=1>; rel="prev", </api/v1/clients?limit=2&page=3>; rel="next"',
    );
  });

  it('counts what matches, page aside', async () => {
    const { body } = await api.get('/api/v1/clients?limit=1&count=true&access_token_ttl=60');
    expect(body).toMatchObject({ total: 3, items: [{}] });
    expect((await api.get('/api/v1/clients')).body).not.toHaveProperty('total');
  });

  it('streams whole as NDJSON', async () => {
    const { status, text, headers } = await api.get(
      '/api/v1/clients?sort=-client_id&access_token_ttl=60&limit=1',
      {
        headers: { accept: 'application/x-ndjson' },
      },
    );
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ client_id }) => client_id)).toEqual(['gamma', 'beta', 'alpha']);
    expect(text).not.toMatch(/secret"/);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=x', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['page=0', 'page'],
    ['page=-1', 'page'],
    ['cursor=x', 'cursor'],
    ['sort=secret', 'sort'],
    ['sort=name,client_id', 'sort'],
    ['sort=constructor', 'sort'],
    ['count=yes', 'count'],
    ['active=1', 'active'],
    ['access_token_ttl=1e3', 'access_token_ttl'],
    ['code_created_from=soon', 'code_created_from'],
    ['code_created_to=2026-13-01', 'code_created_to'],
    ['unknown=1', 'unknown'],
    ['fields=name', 'fields'],
    ['name=%00', 'name'],
    ['name=%ff', 'name'],
    ['name=%', 'name'],
  ])('refuses %s and names it', async (query, field) => {
    const { status, body } = await api.get(`/api/v1/clients?${query}`);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
  });

  it('refuses a cursor that was altered, or is of another query', async () => {
    const { body } = await api.get('/api/v1/clients?limit=1');
    const cursor: string = body.next_cursor;
    for (const query of [
      `cursor=${cursor.slice(0, -1)}`,
      `cursor=A${cursor}`,
      `cursor=${cursor}&sort=-name`,
      `cursor=${cursor}&active=true`,
      `cursor=${cursor}&page=1`,
      `cursor=`,
    ])
      expect([query, (await api.get(`/api/v1/clients?${query}`)).status]).toEqual([query, 400]);
    expect((await api.get(`/api/v1/clients?limit=3&cursor=${cursor}`)).status).toBe(200);
  });

  it('is of the caller’s customer, and of all for who may see all', async () => {
    const own = await ids('limit=1000');
    expect(own).toHaveLength(5);
    const { body } = await env.admin.get('/api/v1/clients?limit=1000&customer_id=list');
    expect(body.items).toHaveLength(5);
    const { text } = await api.get('/api/v1/clients', { headers: { accept: 'application/x-ndjson' } });
    expect(text).not.toContain('test-admin');
    expect((await api.get('/api/v1/clients?search=test-admin&count=true')).body.total).toBe(0);
  });
});
