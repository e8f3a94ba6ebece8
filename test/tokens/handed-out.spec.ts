import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import {
  createTestEnvironment,
  unique,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';

const READ = '/pam/v1/devices';
const YEAR = 365 * 86_400_000;

let env: TestEnvironment;
let client: RegisteredClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  client = await env.registerClient({ scopes: ['devices:read', 'users:read'] });
});
afterAll(() => env.close());
afterEach(() => env.clock.set(new Date()));

const tokensOf = (clientId: string) => `/api/v1/clients/${clientId}/tokens`;
const handOut = (body: object, clientId = client.clientId) => env.admin.post(tokensOf(clientId), { body });
const bearer = (token: string) => ApiClient.bearer(env.url, token);
const inMs = (ms: number) => new Date(env.clock.now().getTime() + ms).toISOString();

describe('a token that is handed out', () => {
  it('expires when it was said to', async () => {
    const expires_at = inMs(120_000);
    const { status, body, headers } = await handOut({ expires_at, note: 'For “Contoso” ☃' });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      access_token: expect.stringMatching(/^pst_[A-Za-z0-9_-]{49}$/),
      hint: `${body.access_token.slice(0, 8)}…${body.access_token.slice(-4)}`,
      client_id: client.clientId,
      customer_id: '10001',
      format: 'opaque',
      scopes: ['devices:read', 'users:read'],
      grant_type: 'operator',
      subject: client.clientId,
      note: 'For “Contoso” ☃',
      issued_by: 'test-admin',
      issued_at: expect.any(String),
      expires_at,
      last_used_at: null,
      last_used_ip: null,
      revoked_at: null,
      dpop_jkt: null,
      audience: null,
      status: 'active',
    });
    expect((await bearer(body.access_token).get(READ)).status).toBe(200);
    env.clock.advance(121);
    expect((await bearer(body.access_token).get(READ)).body.detail).toBe('The access token expired');
    expect((await env.admin.get(`/api/v1/tokens/${body.id}`)).body.status).toBe('expired');
  });

  it('may be told its seconds instead', async () => {
    const { body } = await handOut({ expires_in: 1 });
    expect(Date.parse(body.expires_at) - Date.parse(body.issued_at)).toBe(1000);
    const { body: long } = await handOut({ expires_in: 5 * 365 * 86_400 });
    expect(Date.parse(long.expires_at) - Date.parse(long.issued_at)).toBe(5 * YEAR);
  });

  it.each([
    ['neither time', {}, 'expires_at'],
    ['both times', { expires_at: '2027-01-01T00:00:00Z', expires_in: 60 }, 'expires_in'],
    ['a time that is past', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [
      'more than five years',
      { expires_at: new Date(Date.now() + 5 * YEAR + 3 * 86_400_000).toISOString() },
      'expires_at',
    ],
    ['more seconds than five years', { expires_in: 5 * 365 * 86_400 + 3 * 86_400 }, 'expires_in'],
    ['no seconds', { expires_in: 0 }, 'expires_in'],
    ['seconds below none', { expires_in: -60 }, 'expires_in'],
    ['half a second', { expires_in: 0.5 }, 'expires_in'],
    ['seconds as text', { expires_in: '60' }, 'expires_in'],
    ['null for a time', { expires_at: null }, 'expires_at'],
    ['null for seconds', { expires_in: null }, 'expires_in'],
    ['no time', { expires_at: 'tomorrow' }, 'expires_at'],
    ['a number for a time', { expires_at: 1_900_000_000 }, 'expires_at'],
    [
      'a scope that the client lacks',
      { expires_in: 60, scopes: ['devices:read', 'accounts:read'] },
      'scopes[1]',
    ],
    ['no scope', { expires_in: 60, scopes: [] }, 'scopes'],
    ['scopes in one text', { expires_in: 60, scopes: 'devices:read' }, 'scopes'],
    ['a scope twice', { expires_in: 60, scopes: ['users:read', 'users:read'] }, 'scopes'],
    ['a long note', { expires_in: 60, note: 'x'.repeat(501) }, 'note'],
    ['a NUL in its note', { expires_in: 60, note: 'a\0b' }, 'note'],
    ['an unknown field', { expires_in: 60, access_token: 'mine' }, 'access_token'],
  ])('is refused for %s', async (_, request, field) => {
    const { status, body } = await handOut(request);
    expect([status, body.errors?.[0].field]).toEqual([400, field]);
  });

  it('has the scopes that were asked for', async () => {
    const { body } = await handOut({ expires_in: 60, scopes: ['users:read'] });
    expect(body.scopes).toEqual(['users:read']);
    expect((await bearer(body.access_token).get('/pam/v1/users')).status).toBe(200);
    expect((await bearer(body.access_token).get(READ)).status).toBe(403);
  });

  it('is on record, with who had it made', async () => {
    const { body } = await handOut({ expires_in: 60, note: 'x' });
    const [event] = await auditEvents(env, 'access_token.issued', `&token_id=${body.id}`);
    expect(event).toMatchObject({
      actor: { kind: 'client', id: 'test-admin' },
      client_id: client.clientId,
      detail: { grant_type: 'operator', note: 'x', expires_at: body.expires_at },
    });
  });

  it('is for a client that is there', async () => {
    expect((await handOut({ expires_in: 60 }, 'nobody')).status).toBe(404);
    expect((await handOut({ expires_in: 60 }, 'a%20b')).status).toBe(400);
  });

  it('carries a checksum, and one that is mistyped was never issued', async () => {
    const { body } = await handOut({ expires_in: 60 });
    const token: string = body.access_token;
    const typo = token.slice(0, 20) + (token[20] === 'a' ? 'b' : 'a') + token.slice(21);
    for (const bad of [typo, token.slice(0, -1), `${token}x`, token.toUpperCase(), 'pst_', `x${token}`]) {
      const { status, headers } = await bearer(bad).get(READ);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });
});

describe('what is shown once', () => {
  it('is nowhere in the database in plain, nor in any answer since', async () => {
    const client_secret = unique('a secret: 100% chosen');
    const { clientId } = await env.registerClient({ client_secret });
    const { body: rotated } = await env.admin.post(`/api/v1/clients/${clientId}/secrets`, {
      body: { overlap: 60 },
    });
    const { body: handed } = await handOut({ expires_in: 60 }, clientId);
    const granted = await env.token(clientId, client_secret);
    await bearer(granted).get(`${READ}?access_token=${granted}`);
    await ApiClient.basic(env.url, clientId, `${client_secret}?`).get('/api/v1/clients');
    const secrets = [client_secret, rotated.client_secret, handed.access_token, granted];
    for (const table of [
      'clients',
      'client_secrets',
      'access_tokens',
      'audit_events',
      'scopes',
      'customers',
    ]) {
      const { rows } = await env.database.query<{ text: string }>(
        `SELECT row_to_json(t)::text AS text FROM ${table} t`,
      );
      expect(rows.length).toBeGreaterThan(0);
      const all = rows.map(({ text }) => text).join('\n');
      for (const secret of secrets) {
        // Half of one, as well; its ends are its hint.
        expect([table, all.includes(secret.slice(8, 24))]).toEqual([table, false]);
        const hex = Buffer.from(secret).toString('hex');
        expect([table, all.includes(hex)]).toEqual([table, false]);
      }
    }
    for (const path of ['clients', 'tokens', 'audit-events', `clients/${clientId}/tokens`]) {
      const { text } = await env.admin.get(`/api/v1/${path}?limit=1000`);
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});

describe('the list of tokens', () => {
  let mine: RegisteredClient;
  const made: Record<string, any> = {};
  beforeAll(async () => {
    mine = await env.registerClient({ scopes: ['devices:read', 'users:read'] });
    for (const [name, body] of Object.entries({
      short: { expires_in: 60, scopes: ['users:read'] },
      long: { expires_in: 6000 },
      revoked: { expires_in: 6000 },
      used: { expires_in: 6000, scopes: ['devices:read'] },
    }))
      made[name] = (await handOut(body, mine.clientId)).body;
    await env.admin.delete(`/api/v1/tokens/${made.revoked.id}`);
    await bearer(made.used.access_token).get(READ);
    await eventually(async () => (await env.admin.get(`/api/v1/tokens/${made.used.id}`)).body.last_used_at);
  });

  const names = async (query: string, path = '/api/v1/tokens') => {
    const { body, text } = await env.admin.get(`${path}?client_id=${mine.clientId}&${query}`);
    if (!body.items) throw new Error(text);
    return body.items
      .map(({ id }: any) => Object.keys(made).find((name) => made[name].id === id) ?? 'granted')
      .sort();
  };

  it('filters by client, status, grant type and scope', async () => {
    expect(await names('')).toEqual(['granted', 'long', 'revoked', 'short', 'used']);
    expect(await names('grant_type=operator')).toEqual(['long', 'revoked', 'short', 'used']);
    expect(await names('status=revoked')).toEqual(['revoked']);
    expect(await names('scope=users:read')).toEqual(['granted', 'long', 'revoked', 'short']);
    expect(await names('scope=users')).toEqual([]);
    expect(await names(`status=active&expires_before=${inMs(120_000)}`)).toEqual(['short']);
    expect(await names('last_used_before=2020-01-01')).toEqual([]);
    expect(await names(`last_used_before=${inMs(60_000)}&scope=devices:read`)).toHaveLength(4);
    expect(await names('used=true')).toEqual(['used']);
    expect(await names('used=false')).toEqual(['granted', 'long', 'revoked', 'short']);
    expect(await names('used=false&status=active')).toEqual(['granted', 'long', 'short']);
    env.clock.advance(61);
    expect(await names('status=expired')).toEqual(['short']);
    expect(await names('status=active')).toEqual(['granted', 'long', 'used']);
  });

  it('tells the used from the never used in every order', async () => {
    const sorts = ['issued_at', 'expires_at', 'last_used_at', 'revoked_at', 'client_id'];
    for (const sort of sorts.flatMap((column) => [column, `-${column}`])) {
      expect(await names(`used=true&sort=${sort}`)).toEqual(['used']);
      expect(await names(`used=false&sort=${sort}`)).toEqual(['granted', 'long', 'revoked', 'short']);
      expect(await names(`used=false&sort=${sort}&limit=1`)).toHaveLength(1);
    }
    const { status, body } = await env.admin.get('/api/v1/tokens?used=never');
    expect([status, body.errors]).toEqual([400, [{ field: 'used', message: 'must be true or false' }]]);
  });

  it('is also a client’s own', async () => {
    expect(await names('status=active&grant_type=operator', tokensOf(mine.clientId))).toEqual([
      'long',
      'short',
      'used',
    ]);
    expect((await env.admin.get(tokensOf('nobody'))).status).toBe(404);
  });

  it('is in the order of issue, by the server’s clock', async () => {
    const { clientId } = await env.registerClient({ scopes: ['devices:read'] });
    const ids: string[] = [];
    for (const later of [7200, -3600, -1800]) {
      env.clock.advance(later);
      ids.push((await handOut({ expires_in: 60 }, clientId)).body.id);
    }
    const [last, middle, first] = ids;
    const list = async (query: string) =>
      (await env.admin.get(`${tokensOf(clientId)}?grant_type=operator&${query}`)).body.items.map(
        ({ id }: any) => id,
      );
    expect(await list('sort=issued_at')).toEqual([first, middle, last]);
    expect(await list('sort=-issued_at')).toEqual([last, middle, first]);
  });

  it('goes on where a page ended, nulls last', async () => {
    for (const sort of [
      'issued_at',
      '-last_used_at',
      'last_used_at',
      '-revoked_at',
      'expires_at',
      'client_id',
    ]) {
      const query = `/api/v1/tokens?client_id=${mine.clientId}&sort=${sort}`;
      const ids: string[] = (await env.admin.get(query)).body.items.map(({ id }: any) => id);
      const paged: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body }: any = await env.admin.get(`${query}&limit=2${cursor && `&cursor=${cursor}`}`);
        paged.push(...body.items.map(({ id }: any) => id));
        cursor = body.next_cursor;
      }
      expect([sort, paged]).toEqual([sort, ids]);
    }
  });

  it.each([
    ['status=gone', 'status'],
    ['grant_type=password', 'grant_type'],
    ['expires_before=soon', 'expires_before'],
    ['search=x', 'search'],
    ['page=1', 'page'],
  ])('refuses %s', async (query, field) => {
    const { status, body } = await env.admin.get(`/api/v1/tokens?${query}`);
    expect([status, body.errors?.[0].field]).toEqual([400, field]);
  });

  it('tells when and from where a token was used last', async () => {
    const { body } = await env.admin.get(`/api/v1/tokens/${made.used.id}`);
    expect(body.last_used_ip).toBe('127.0.0.1');
    expect(Math.abs(Date.parse(body.last_used_at) - Date.now())).toBeLessThan(30_000);
  });

  it('takes ids of tokens alone', async () => {
    expect((await env.admin.get('/api/v1/tokens/nonsense')).body.errors[0].field).toBe('id');
    const none = '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f';
    expect((await env.admin.get(`/api/v1/tokens/${none}`)).status).toBe(404);
    expect((await env.admin.delete(`/api/v1/tokens/${none}`)).status).toBe(404);
  });
});

describe('revoking', () => {
  it('ends one token, from the next call on, once', async () => {
    const { body } = await handOut({ expires_in: 600 });
    const { body: other } = await handOut({ expires_in: 600 });
    const path = `/api/v1/tokens/${body.id}`;
    expect((await env.admin.delete(path)).status).toBe(204);
    const refused = await bearer(body.access_token).get(READ);
    expect(refused.status).toBe(401);
    expect(refused.body.detail).toBe('The access token is not valid');
    expect((await bearer(other.access_token).get(READ)).status).toBe(200);
    const { body: shown } = await env.admin.get(path);
    expect(shown).toMatchObject({ status: 'revoked', revoked_at: expect.any(String) });
    expect((await env.admin.delete(path)).status).toBe(204);
    expect((await env.admin.get(path)).body.revoked_at).toBe(shown.revoked_at);
    const events = await auditEvents(env, 'access_token.revoked', `&token_id=${body.id}`);
    expect(events.map(({ detail }) => detail)).toEqual([{ reason: 'operator' }]);
  });

  it('ends all of a client’s, and of no other', async () => {
    const one = await env.registerClient();
    const two = await env.registerClient();
    const { body } = await handOut({ expires_in: 600 }, one.clientId);
    expect((await env.admin.delete(tokensOf(one.clientId))).status).toBe(204);
    for (const api of [one.api, bearer(body.access_token)]) expect((await api.get(READ)).status).toBe(401);
    expect((await two.api.get(READ)).status).toBe(200);
    const events = await auditEvents(env, 'access_token.revoked', `&client_id=${one.clientId}`);
    expect(events.map(({ detail }) => detail)).toEqual([{ reason: 'all_of_client', count: 2 }]);
    await env.token(one.clientId, one.clientSecret);
  });
});
