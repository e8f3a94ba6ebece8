import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import { CodeFlow, tokensOf } from '../support/code-flow.js';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';

const INTROSPECT = '/oauth2/introspect';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let env: TestEnvironment;
let flow: CodeFlow;
/** A resource server. */
let caller: RegisteredClient;
let basic: ApiClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  flow = await CodeFlow.of(env);
  caller = await env.registerClient({ scopes: ['tokens:introspect'] });
  basic = ApiClient.basic(env.url, caller.clientId, caller.clientSecret);
});
afterAll(() => env.close());
afterEach(() => env.clock.set(new Date()));

const ask = (token: string, changes: Record<string, string> = {}, api = basic) =>
  api.post(INTROSPECT, { body: new URLSearchParams({ token, ...changes }) });

function expectError({ status, body, headers }: ApiResponse, expected: number, error: string): void {
  expect({ status, error: body?.error }).toEqual({ status: expected, error });
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('pragma')).toBe('no-cache');
}

async function expectInactive(token: string, api = basic): Promise<void> {
  const { status, body, headers } = await ask(token, {}, api);
  expect([status, body]).toEqual([200, { active: false }]);
  expect(headers.get('cache-control')).toBe('no-store');
}

async function expectActive(token: string): Promise<void> {
  expect((await ask(token)).body.active).toBe(true);
}

describe('introspection tells (RFC 7662 §2.2)', () => {
  it('of a client’s access token what it may do, and whose it is', async () => {
    const client = await env.registerClient({ scopes: ['users:read', 'devices:read'] });
    const token = await env.token(client.clientId, client.clientSecret);
    const { body: list } = await env.admin.get(`/api/v1/tokens?client_id=${client.clientId}&limit=1`);
    const [row] = list.items;
    const { status, body, headers } = await ask(token);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
    const iat = Math.floor(Date.parse(row.issued_at) / 1000);
    expect(body).toEqual({
      active: true,
      scope: 'users:read devices:read',
      client_id: client.clientId,
      token_type: 'Bearer',
      exp: Math.floor(Date.parse(row.expires_at) / 1000),
      iat,
      nbf: iat,
      sub: client.clientId,
      aud: env.url,
      iss: env.url,
      jti: row.id,
      customer_id: '10001',
    });
  });

  it('of a person’s tokens who he is', async () => {
    const { accessToken, refreshToken } = await flow.tokens();
    const { username } = env.ownerCredentials;
    const { body: access } = await ask(accessToken);
    expect(access).toMatchObject({ active: true, username, sub: expect.stringMatching(/^operator:/) });
    const { body: refresh } = await ask(refreshToken);
    expect(refresh).toEqual({
      active: true,
      scope: 'users:read devices:read',
      client_id: flow.client.clientId,
      username,
      exp: refresh.iat + 30 * 86_400,
      iat: expect.any(Number),
      sub: access.sub,
      iss: env.url,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      customer_id: '10001',
    });
  });

  it('of a JWT the same', async () => {
    const jwt = await flow.other({ access_token_format: 'jwt' });
    const { accessToken } = tokensOf(await jwt.redeem(await jwt.code()));
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString());
    const { body } = await ask(accessToken);
    const { client_id, scope, sub, aud, iss, jti, exp, iat } = claims;
    expect(body).toMatchObject({ active: true, client_id, scope, sub, aud, iss, jti, exp, iat });
    await expectInactive(`${accessToken.slice(0, -4)}AAAA`);
  });

  it.each(['access_token', 'refresh_token', 'nonsense', ''])('the same with the hint %j', async (hint) => {
    const { accessToken, refreshToken } = await flow.tokens();
    for (const token of [accessToken, refreshToken])
      expect((await ask(token, { token_type_hint: hint })).body.active).toBe(true);
  });

  it('what the token may do now', async () => {
    const client = await env.registerClient({ scopes: ['users:read', 'devices:read'] });
    const token = await env.token(client.clientId, client.clientSecret);
    await env.admin.patch(`/api/v1/clients/${client.clientId}`, { body: { scopes: ['users:read'] } });
    expect((await ask(token)).body.scope).toBe('users:read');
  });

  it('without being a use of the token', async () => {
    const client = await env.registerClient();
    const { body } = await env.admin.post(`/api/v1/clients/${client.clientId}/tokens`, {
      body: { expires_in: 60 },
    });
    await expectActive(body.access_token);
    expect((await env.admin.get(`/api/v1/tokens/${body.id}`)).body.last_used_at).toBeNull();
  });

  it('nothing of where the bearer may call from: the caller is another', async () => {
    const client = await env.registerClient();
    const { body } = await env.admin.post(`/api/v1/clients/${client.clientId}/tokens`, {
      body: { expires_in: 60 },
    });
    const path = `/api/v1/clients/${client.clientId}`;
    await env.admin.patch(path, { body: { allowed_cidrs: ['192.0.2.0/24'] } });
    expect(await flow.reads(body.access_token)).toBe(401);
    await expectActive(body.access_token);
  });
});

describe('introspection says that it is inactive, and nothing else, of', () => {
  it('what is no token', async () => {
    const code = await flow.code();
    const session = [...flow.browser.cookies.values()].find((value) => value.startsWith('pss_'))!;
    const { clientSecret } = caller;
    const unknown = [`pst_${'A'.repeat(49)}`, `psr_${'A'.repeat(49)}`];
    const selfMade = ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.e'];
    for (const token of [code, session, clientSecret, ...unknown, ...selfMade, 'x', '☃', ' ', '%00'])
      await expectInactive(token);
    expect((await flow.redeem(code)).status).toBe(200);
  });

  it('one that has expired', async () => {
    const { accessToken, refreshToken } = await flow.tokens();
    env.clock.advance(3601);
    await expectInactive(accessToken);
    await expectActive(refreshToken);
    env.clock.advance(30 * 86_400);
    await expectInactive(refreshToken);
  });

  it('one that was revoked, or whose family was', async () => {
    const { accessToken, refreshToken } = await flow.tokens();
    await flow.revoke(accessToken);
    await expectInactive(accessToken);
    await expectActive(refreshToken);
    const { accessToken: next } = tokensOf(await flow.refresh(refreshToken));
    await flow.revoke(refreshToken);
    for (const token of [refreshToken, next]) await expectInactive(token);
  });

  it('a refresh token that was rotated, or whose client may not refresh', async () => {
    const other = await flow.other();
    const first = await other.tokens();
    const second = tokensOf(await other.refresh(first.refreshToken));
    await expectInactive(first.refreshToken);
    await expectActive(first.accessToken);
    await expectActive(second.refreshToken);
    await env.admin.patch(`/api/v1/clients/${other.client.clientId}`, {
      body: { grant_types: ['authorization_code'] },
    });
    await expectInactive(second.refreshToken);
  });

  it.each([
    ['deactivated', (path: string) => env.admin.patch(path, { body: { active: false } })],
    ['over', (path: string) => env.admin.patch(path, { body: { valid_until: '2020-01-01T00:00:00Z' } })],
    ['deleted', (path: string) => env.admin.delete(path)],
  ])('one whose client is %s', async (_, change) => {
    const other = await flow.other();
    const { accessToken, refreshToken } = await other.tokens();
    for (const token of [accessToken, refreshToken]) await expectActive(token);
    expect((await change(`/api/v1/clients/${other.client.clientId}`)).status).toBeLessThan(300);
    for (const token of [accessToken, refreshToken]) await expectInactive(token);
  });

  it('one whose person is not active', async () => {
    const person = await addPerson(env);
    const his = await CodeFlow.of(env, {}, person);
    const { accessToken, refreshToken } = await his.tokens();
    for (const token of [accessToken, refreshToken]) await expectActive(token);
    // By hand, so that nothing ends the tokens themselves.
    await env.database.query('UPDATE operators SET active = false WHERE id = $1', [person.id]);
    for (const token of [accessToken, refreshToken]) await expectInactive(token);
    expect(await his.reads(accessToken)).toBe(401);
    const [event] = await auditEvents(env, 'access_token.revoked_use', `&client_id=${his.client.clientId}`);
    expect(event).toMatchObject({
      actor: { kind: 'operator', id: person.username },
      detail: { reason: 'operator_inactive' },
    });
  });

  it('one of another customer, whatever the caller may see elsewhere', async () => {
    const theirs = await env.addCustomer('10077');
    const { body } = await theirs.post('/api/v1/clients', {
      body: { name: 'theirs', scopes: ['users:read'] },
    });
    const token = await env.token(body.client_id, body.client_secret);
    expect((await ApiClient.bearer(env.url, token).get('/pam/v1/users')).status).toBe(200);
    await expectInactive(token);
    await expectInactive(token, env.admin);
  });
});

describe('whoever introspects', () => {
  it('comes by Basic, by the body, or with a bearer token', async () => {
    const { accessToken } = await flow.tokens();
    const { clientId, clientSecret } = caller;
    const byBody = await ask(
      accessToken,
      { client_id: clientId, client_secret: clientSecret },
      env.anonymous,
    );
    expect(byBody.body.active).toBe(true);
    expect((await ask(accessToken, {}, caller.api)).body.active).toBe(true);
    const alias = await env.registerClient({ scopes: ['onegini_api_token_introspection'] });
    expect((await ask(accessToken, {}, alias.api)).body.active).toBe(true);
  });

  it('is refused without the scope, and that is on record', async () => {
    const { accessToken } = await flow.tokens();
    const plain = await env.registerClient({ scopes: ['users:read'] });
    const byBasic = ApiClient.basic(env.url, plain.clientId, plain.clientSecret);
    for (const api of [plain.api, byBasic]) {
      const refused = await ask(accessToken, {}, api);
      expectError(refused, 403, 'insufficient_scope');
      expect(refused.headers.get('www-authenticate')).toContain('scope="tokens:introspect"');
    }
    const [event] = await auditEvents(env, 'access_token.scope_denied', `&client_id=${plain.clientId}`);
    expect(event.detail.required).toBe('tokens:introspect');
  });

  it('who does not prove who he is: 401 in the terms of the scheme', async () => {
    const { accessToken } = await flow.tokens();
    const wrong = ApiClient.basic(env.url, caller.clientId, 'wrong');
    for (const api of [env.anonymous, wrong]) {
      const refused = await ask(accessToken, {}, api);
      expectError(refused, 401, 'invalid_client');
      expect(refused.headers.get('www-authenticate')).toMatch(/^Basic /);
    }
    const refused = await ask(accessToken, {}, ApiClient.bearer(env.url, `pst_${'A'.repeat(49)}`));
    expectError(refused, 401, 'invalid_token');
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expectError(await ask(accessToken, { client_id: caller.clientId }, env.anonymous), 401, 'invalid_client');
  });

  it('cannot be a public client: its id proves nothing', async () => {
    const { body: app } = await env.admin.post('/api/v1/clients', {
      body: {
        name: 'public introspection',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        redirect_uris: ['https://app.example.com/callback'],
        scopes: ['tokens:introspect'],
      },
    });
    const refused = await ask('x', { client_id: app.client_id }, env.anonymous);
    expectError(refused, 401, 'invalid_client');
  });

  it('authenticates in one way', async () => {
    const secret = { client_id: caller.clientId, client_secret: caller.clientSecret };
    for (const api of [basic, caller.api]) expectError(await ask('x', secret, api), 400, 'invalid_request');
  });

  it('sends a form with one token', async () => {
    for (const api of [basic, caller.api]) {
      for (const body of ['', 'token=', 'token=a&token=a', 'token=a&token_type_hint=a&token_type_hint=b'])
        expectError(await api.post(INTROSPECT, { body, headers: FORM }), 400, 'invalid_request');
      expectError(await api.post(INTROSPECT, { body: { token: 'x' } }), 400, 'invalid_request');
      expectError(await api.post(`${INTROSPECT}?token=x`), 400, 'invalid_request');
    }
    expect((await basic.get(INTROSPECT)).status).toBe(405);
  });
});

describe('a caller with a public_base_uri', () => {
  let page: ApiClient;
  let clientId: string;
  beforeAll(async () => {
    const client = await env.registerClient({
      scopes: ['tokens:introspect'],
      public_base_uri: 'https://gateway.example.com/api',
    });
    clientId = client.clientId;
    page = ApiClient.basic(env.url, clientId, client.clientSecret);
  });

  const from = (headers: Record<string, string>) =>
    page.post(INTROSPECT, { body: new URLSearchParams({ token: 'x' }), headers });

  it.each([
    ['nothing', {}],
    ['its origin', { origin: 'https://gateway.example.com' }],
    ['its page', { referer: 'https://gateway.example.com/api' }],
    ['a page below', { referer: 'https://gateway.example.com/api/tokens?x=../y' }],
    [
      'its origin, whatever the referrer',
      { origin: 'https://gateway.example.com', referer: 'https://x.org/' },
    ],
  ])('may send %s', async (_, headers) => {
    expect((await from(headers)).body).toEqual({ active: false });
  });

  it.each([
    ['another origin', { origin: 'https://evil.example.com' }],
    ['another scheme', { origin: 'http://gateway.example.com' }],
    ['another port', { origin: 'https://gateway.example.com:8443' }],
    ['a longer host', { origin: 'https://gateway.example.com.evil.org' }],
    ['no origin in words', { origin: 'null' }],
    ['an empty origin', { origin: '' }],
    ['an origin with a path', { origin: 'https://gateway.example.com/api' }],
    [
      'another origin, with its referrer',
      { origin: 'https://x.org', referer: 'https://gateway.example.com/api' },
    ],
    ['a page beside', { referer: 'https://gateway.example.com/apis' }],
    ['a page above', { referer: 'https://gateway.example.com/' }],
    ['dot segments', { referer: 'https://gateway.example.com/api/../x' }],
    ['dot segments that come back', { referer: 'https://gateway.example.com/x/../api' }],
    ['encoded dot segments', { referer: 'https://gateway.example.com/api/%2e%2e/x' }],
    ['encoded slashes', { referer: 'https://gateway.example.com/api/..%2fx' }],
    ['a backslash', { referer: 'https://gateway.example.com\\@evil.org/api' }],
    ['user info', { referer: 'https://gateway.example.com@evil.org/api' }],
    ['user info of its own', { referer: 'https://x@gateway.example.com/api' }],
    ['a path alone', { referer: '/api' }],
    ['no URI', { referer: 'gateway' }],
  ])('may not send %s: 403, on record', async (_, headers) => {
    expectError(await from(headers), 403, 'access_denied');
    const [event] = await auditEvents(env, 'client_authentication.failed', `&client_id=${clientId}`);
    expect(event.detail.reason).toBe('page_not_allowed');
  });

  it('is held to it with a bearer token too', async () => {
    const { body } = await env.admin.post(`/api/v1/clients/${clientId}/tokens`, {
      body: { expires_in: 60 },
    });
    const bearer = ApiClient.bearer(env.url, body.access_token);
    const sent = {
      body: new URLSearchParams({ token: 'x' }),
      headers: { origin: 'https://evil.example.com' },
    };
    expectError(await bearer.post(INTROSPECT, sent), 403, 'access_denied');
  });
});
