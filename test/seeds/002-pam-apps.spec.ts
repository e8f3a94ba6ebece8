import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { auditEvents } from '../support/audit-events.js';
import {
  createTestEnvironment,
  unique,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { rawRequest, type RawAnswer } from '../support/raw-request.js';

/** As the document's example writes it, the two slashes at its beginning included. */
const TOKEN_PATH = '//pam/apps/autheticate/oauth/token-generation/';
const USERS_PATH = '/pam/apps/users/user/';

/** The document's two bodies, as they stand there. */
const TOKEN_EXAMPLE = `{
"grant_type": "client_credentials",
"client_id": "your_client_id",
"client_secret": "your_client_secret",
"customer": "10001"
}`;
const USER_EXAMPLE = `{
"username": "newuser",
"email": "user@example.com",
"first_name": "John",
"last_name": "Doe"
}`;
const USER = JSON.parse(USER_EXAMPLE) as Record<string, string>;

let env: TestEnvironment;
let client: RegisteredClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  client = await env.registerClient({ scopes: ['users:read', 'inventory:write'] });
});
afterAll(() => env.close());

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  rawRequest(env.url, 'POST', path, {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

const credentials = (changes: Record<string, unknown> = {}) => ({
  grant_type: 'client_credentials',
  client_id: client.clientId,
  client_secret: client.clientSecret,
  customer: '10001',
  ...changes,
});

async function generate(changes: Record<string, unknown> = {}): Promise<string> {
  const { status, body, text } = await post(TOKEN_PATH, credentials(changes));
  if (status !== 200) throw new Error(`No token was given: ${status} ${text}`);
  return body.access_token;
}

describe('token generation', () => {
  it('exchanges client credentials for a token, as in the example', async () => {
    const example = TOKEN_EXAMPLE.replace('your_client_id', client.clientId).replace(
      'your_client_secret',
      client.clientSecret,
    );
    const answer = await post(TOKEN_PATH, example);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^eyJ/),
      token_type: 'Bearer',
      expires_in_minutes: 60,
    });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each([
    '/pam/apps/autheticate/oauth/token-generation/',
    '/pam/apps/autheticate/oauth/token-generation',
    '//pam/apps/autheticate/oauth/token-generation',
  ])('answers at %s too', async (path) => {
    expect((await post(path, credentials())).status).toBe(200);
  });

  it('gives a signed JWT that says whose it is, whatever the client’s format is elsewhere', async () => {
    const token = await generate();
    const { body: jwks } = await env.anonymous.get('/oauth2/jwks');
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { currentDate: env.clock.now() });
    const { body: registered } = await env.admin.get(`/api/v1/clients/${client.clientId}`);
    expect(payload).toMatchObject({
      customer_id: '10001',
      client_id: client.clientId,
      client_name: registered.name,
      grant_type: 'client_credentials',
      scopes: ['users:read', 'inventory:write'],
    });
    expect(payload.exp! - payload.iat!).toBe(3600);
    expect(registered.access_token_format).toBe('opaque');
    const { body: listed } = await env.admin.get(`/api/v1/tokens/${payload.jti}`);
    expect(listed).toMatchObject({ format: 'jwt', client_id: client.clientId, status: 'active' });
  });

  it('says in minutes how long another client’s tokens live', async () => {
    const other = await env.registerClient({ access_token_ttl: 90 });
    const { clientId: client_id, clientSecret: client_secret } = other;
    const { body } = await post(TOKEN_PATH, credentials({ client_id, client_secret }));
    expect(body.expires_in_minutes).toBe(1.5);
  });

  it.each([
    ['a wrong secret', { client_secret: 'not this client’s secret' }],
    ['an unknown client', { client_id: 'nobody' }],
    ['another customer', { customer: '20002' }],
  ])('refuses %s as invalid_client, and puts it on record', async (_, changes) => {
    const { status, body } = await post(TOKEN_PATH, credentials(changes));
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    const [event] = await auditEvents(env, 'client_authentication.failed');
    expect(event.path).toMatch(/token-generation/);
  });

  it.each(['grant_type', 'client_id', 'client_secret', 'customer'])(
    'names a missing, empty or wrong %s',
    async (field) => {
      for (const value of [undefined, '', 7, null, ['x'], {}, 'x'.repeat(600)]) {
        const { status, body } = await post(TOKEN_PATH, credentials({ [field]: value }));
        expect([status, body.error]).toEqual([400, 'invalid_request']);
        expect(body.error_description).toContain(field);
      }
    },
  );

  it('refuses other grants, unknown fields and what is no JSON', async () => {
    const other = await post(TOKEN_PATH, credentials({ grant_type: 'password' }));
    expect([other.status, other.body.error]).toEqual([400, 'unsupported_grant_type']);
    const unknown = await post(TOKEN_PATH, credentials({ tenant: 'x' }));
    expect(unknown.body.error_description).toContain('tenant');
    expect((await post(TOKEN_PATH, '{')).status).toBe(400);
    const form = await post(TOKEN_PATH, 'grant_type=client_credentials', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([form.status, form.body.error]).toEqual([400, 'invalid_request']);
  });

  it('refuses a client that is not active', async () => {
    const { clientId: client_id, clientSecret: client_secret } = await env.registerClient();
    await env.admin.patch(`/api/v1/clients/${client_id}`, { body: { active: false } });
    const { status, body } = await post(TOKEN_PATH, credentials({ client_id, client_secret }));
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });
});

describe('users by the token', () => {
  it.each(['Authorize', 'Authorization'])('are read with %s: Bearer', async (header) => {
    const headers = { [header]: `Bearer ${await generate()}` };
    for (const path of [USERS_PATH, '/pam/apps/users/user']) {
      const { status, body } = await rawRequest(env.url, 'GET', path, { headers });
      expect(status).toBe(200);
      expect(body).toEqual({ items: expect.any(Array), next_cursor: null });
    }
  });

  it('are created, as in the example, and then read', async () => {
    const headers = { authorize: `Bearer ${await generate()}` };
    const created = await post(USERS_PATH, USER_EXAMPLE, headers);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...USER, id: expect.any(String), active: true, role: 'user' });
    const { body } = await rawRequest(env.url, 'GET', `${USERS_PATH}?username=newuser`, { headers });
    expect(body.items).toEqual([created.body]);
    const [event] = await auditEvents(env, 'inventory.imported');
    expect(event).toMatchObject({ client_id: client.clientId, detail: { resource: 'users', created: 1 } });
  });

  it.each([
    ['username', undefined],
    ['username', ' '],
    ['username', 7],
    ['username', 'x'.repeat(257)],
    ['email', 'no address'],
    ['first_name', {}],
    ['last_name', []],
    ['is_admin', true],
    ['id', 'mine'],
  ])('name a %s that is wrong', async (field, value) => {
    const answer = await post(
      USERS_PATH,
      { ...USER, [field]: value },
      { authorize: `Bearer ${await generate()}` },
    );
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((one: { field: string }) => one.field)).toContain(field);
  });

  it('are not created without inventory:write, nor read without users:read', async () => {
    const reader = await env.registerClient({ scopes: ['users:read'] });
    const writer = await env.registerClient({ scopes: ['inventory:write'] });
    expect((await reader.api.post(USERS_PATH, { body: USER })).status).toBe(403);
    expect((await writer.api.get(USERS_PATH)).status).toBe(403);
  });

  it('are of the token’s customer alone', async () => {
    const other = await env.addCustomer('20002');
    const { body } = await other.post('/api/v1/clients', { body: { name: unique('theirs') } });
    const token = await env.token(body.client_id, body.client_secret);
    await client.api.post(USERS_PATH, { body: { ...USER, username: 'ours' } });
    const { body: list } = await rawRequest(env.url, 'GET', USERS_PATH, {
      headers: { authorize: `Bearer ${token}` },
    });
    expect(list.items).toEqual([]);
  });

  it('are refused to a token in both headers, and to none', async () => {
    const token = `Bearer ${await generate()}`;
    const both = await rawRequest(env.url, 'GET', USERS_PATH, {
      headers: { authorize: token, authorization: token },
    });
    expect([both.status, both.body.code]).toEqual([400, 'invalid_request']);
    const [event] = await auditEvents(env, 'access_token.unknown_use');
    expect(event).toMatchObject({ path: '/pam/apps/users/user', outcome: 'failure' });
    const twice = await rawRequest(env.url, 'GET', USERS_PATH, { headers: { authorize: [token, token] } });
    expect(twice.status).toBe(400);
    const none = await rawRequest(env.url, 'GET', USERS_PATH);
    expect([none.status, none.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });

  it('are read by Authorize under /pam/apps alone, however that is spelled', async () => {
    const headers = { authorize: `Bearer ${await generate()}` };
    expect((await rawRequest(env.url, 'GET', '/p%61m/apps/users/user', { headers })).status).toBe(200);
    for (const path of ['/pam/v1/users', '//pam/v1/users', '/pam/apps/../v1/users', '/api/v1/clients'])
      expect([401, 404]).toContain((await rawRequest(env.url, 'GET', path, { headers })).status);
  });

  it('are refused after 60 minutes, in words, and on record', async () => {
    const headers = { authorize: `Bearer ${await generate()}` };
    env.clock.advance(3599);
    expect((await rawRequest(env.url, 'GET', USERS_PATH, { headers })).status).toBe(200);
    env.clock.advance(1);
    const { status, body, headers: answered } = await rawRequest(env.url, 'GET', USERS_PATH, { headers });
    expect([status, body.detail]).toEqual([401, 'The access token expired']);
    expect(answered['www-authenticate']).toContain('error="invalid_token"');
    const [event] = await auditEvents(env, 'access_token.expired_use');
    expect(event).toMatchObject({ client_id: client.clientId, method: 'GET', path: '/pam/apps/users/user' });
  });
});

describe('client credentials', () => {
  it('come as two defaults', async () => {
    const { body } = await env.admin.get('/api/v1/clients?sort=created_at&limit=2');
    expect(body.items.map(({ name }: { name: string }) => name).sort()).toEqual([
      'Default Client Credential',
      'mo-ssh-microservice-communication-key',
    ]);
  });

  it('come as two defaults for every further customer, with their secrets once', async () => {
    const { status, body } = await env.admin.post('/api/v1/customers', {
      body: { customer_id: '30003', name: 'Third' },
    });
    expect(status).toBe(201);
    expect(body.default_clients.map(({ name }: { name: string }) => name)).toEqual([
      'Default Client Credential',
      'mo-ssh-microservice-communication-key',
    ]);
    for (const { client_id, client_secret } of body.default_clients) {
      const answer = await post(TOKEN_PATH, credentials({ client_id, client_secret, customer: '30003' }));
      expect(answer.status).toBe(200);
    }
  });

  it('are custom ones with the scopes that an admin selects, and edits', async () => {
    const custom = await env.registerClient({ scopes: ['users:read'] });
    const { clientId: client_id, clientSecret: client_secret } = custom;
    const { body: edited } = await env.admin.patch(`/api/v1/clients/${client_id}`, {
      body: { scopes: ['devices:read'] },
    });
    expect(edited.scopes).toEqual(['devices:read']);
    const token = await generate({ client_id, client_secret });
    const headers = { authorization: `Bearer ${token}` };
    expect((await rawRequest(env.url, 'GET', '/pam/v1/devices', { headers })).status).toBe(200);
    expect((await rawRequest(env.url, 'GET', USERS_PATH, { headers })).status).toBe(403);
  });
});
