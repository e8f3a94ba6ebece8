import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

let env: TestEnvironment;
/** Of a customer whose clients are these and no others, but for its administrator. */
let api: ApiClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  api = await env.addCustomer('live');
  for (const client_id of ['busy', 'idle', 'over']) {
    await api.post('/api/v1/clients', { body: { client_id, name: client_id, scopes: ['devices:read'] } });
  }
});
afterAll(() => env.close());

async function handOut(clientId: string, expiresIn: number): Promise<string> {
  const { body } = await api.post(`/api/v1/clients/${clientId}/tokens`, { body: { expires_in: expiresIn } });
  return body.id;
}

async function counts(query = 'include=live_tokens'): Promise<Record<string, number>> {
  const { body } = await api.get(`/api/v1/clients?scope=devices:read&${query}`);
  return Object.fromEntries(body.items.map((item: any) => [item.client_id, item.live_tokens]));
}

describe('include=live_tokens', () => {
  it('counts the tokens that are active: not those that expired or were revoked', async () => {
    await handOut('busy', 3600);
    await handOut('busy', 3600);
    const revoked = await handOut('busy', 3600);
    await api.delete(`/api/v1/tokens/${revoked}`);
    await handOut('over', 30);
    expect(await counts()).toEqual({ busy: 2, idle: 0, over: 1 });
    env.clock.advance(60);
    expect(await counts()).toEqual({ busy: 2, idle: 0, over: 0 });
  });

  it('goes with pages, sorts and cursors', async () => {
    expect(await counts('include=live_tokens&sort=-name&limit=1')).toEqual({ over: 0 });
    expect(await counts('include=live_tokens&sort=name&limit=1&page=1&count=true')).toEqual({ busy: 2 });
    const { body } = await api.get('/api/v1/clients?scope=devices:read&limit=2&include=live_tokens');
    const next = await api.get(
      `/api/v1/clients?scope=devices:read&limit=2&include=live_tokens&cursor=${body.next_cursor}`,
    );
    expect(next.body.items).toMatchObject([{ client_id: 'over', live_tokens: 0 }]);
  });

  it('goes with the whole list as NDJSON', async () => {
    const { text } = await api.get('/api/v1/clients?scope=devices:read&include=live_tokens', {
      headers: { accept: 'application/x-ndjson' },
    });
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([{ live_tokens: 2 }, { live_tokens: 0 }, { live_tokens: 0 }]);
  });

  it('is 1000 for a client that has more', async () => {
    await env.database.query(
      `INSERT INTO access_tokens (id, token_hash, hint, client, client_id, customer_id, format, scopes, grant_type, issued_by, issued_at, expires_at)
       SELECT gen_random_uuid(), sha256(n::text::bytea), '…', c.id, c.client_id, c.customer_id, 'opaque', '{}', 'client_credentials', 'idle', $1, $1::timestamptz + interval '1 hour'
       FROM clients c, generate_series(1, 1200) n WHERE c.client_id = 'idle'`,
      [env.clock.now()],
    );
    expect(await counts()).toMatchObject({ idle: 1000 });
  });

  it('is left out where it is not asked for', async () => {
    const { body } = await api.get('/api/v1/clients?limit=1');
    expect(body.items[0]).not.toHaveProperty('live_tokens');
  });

  it.each([
    'include=',
    'include=secrets',
    'include=live_tokens,tokens',
    'include=live_tokens&include=live_tokens',
  ])('refuses %s', async (query) => {
    const { status, body } = await api.get(`/api/v1/clients?${query}`);
    expect([status, body.errors]).toEqual([400, [{ field: 'include', message: expect.any(String) }]]);
  });

  it('is refused for who may not see tokens', async () => {
    const { api: reader } = await env.registerClient({ scopes: ['clients:read'] });
    expect((await reader.get('/api/v1/clients')).status).toBe(200);
    const { status, body } = await reader.get('/api/v1/clients?include=live_tokens');
    expect([status, body.detail]).toEqual([403, expect.stringContaining('tokens:read')]);
  });
});
