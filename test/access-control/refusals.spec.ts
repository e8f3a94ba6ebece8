import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, basicAuthorization } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';

const READ = '/pam/v1/devices';
const ADMIN = '/api/v1/clients';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());
afterEach(() => env.clock.set(new Date()));

const call = (path: string, authorization?: string) =>
  env.anonymous.get(path, {
    headers: { 'user-agent': 'probe/1.0', ...(authorization === undefined ? {} : { authorization }) },
  });
const latest = async (type: string) => (await auditEvents(env, type))[0];
const challenge = ({ headers }: { headers: Headers }) => headers.get('www-authenticate');

describe('a call without credentials', () => {
  it.each([READ, ADMIN, '/api/v1/tokens', '/inventory/v1/users/x'])(
    'to %s gets a bare challenge',
    async (path) => {
      const before = await countOf(env, 'client_authentication.failed');
      const answer = path.startsWith('/inventory') ? await env.anonymous.delete(path) : await call(path);
      expect([answer.status, challenge(answer)]).toEqual([401, 'Bearer']);
      expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated', title: 'Unauthorized' });
      expect(await countOf(env, 'client_authentication.failed')).toBe(before + 1);
      const event = await latest('client_authentication.failed');
      expect(event).toMatchObject({
        outcome: 'failure',
        actor: { kind: 'anonymous', id: null },
        client_id: null,
        customer_id: null,
        path,
        ip: '127.0.0.1',
        request_id: answer.body.request_id,
        detail: { reason: 'no_credentials' },
      });
    },
  );

  it.each(['XBasicX YTpi', 'Digest username="x"', 'Negotiate abc', '', 'token', 'BearerX abc'])(
    'but with the scheme of %j counts as one without',
    async (authorization) => {
      const answer = await call(ADMIN, authorization);
      expect([answer.status, challenge(answer)]).toEqual([401, 'Bearer']);
    },
  );
});

describe('a bearer token', () => {
  it('that was never issued is refused, and on record', async () => {
    const answer = await call(READ, 'Bearer nonsense');
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toBe(
      'Bearer error="invalid_token", error_description="The access token is not valid"',
    );
    expect(answer.body).toMatchObject({ status: 401, code: 'invalid_token' });
    expect(await latest('access_token.unknown_use')).toMatchObject({
      outcome: 'failure',
      actor: { kind: 'anonymous', id: null },
      client_id: null,
      token_id: null,
      ip: '127.0.0.1',
      user_agent: 'probe/1.0',
      method: 'GET',
      path: READ,
      request_id: answer.body.request_id,
    });
  });

  it('that has expired is refused in RFC 6750’s own words, and on record with its client', async () => {
    const { clientId, clientSecret } = await env.registerClient({ access_token_ttl: 60 });
    const token = await env.token(clientId, clientSecret);
    env.clock.advance(61);
    const answer = await call(`${READ}?limit=1`, `Bearer ${token}`);
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toBe(
      'Bearer error="invalid_token", error_description="The access token expired"',
    );
    const event = await latest('access_token.expired_use');
    expect(event).toMatchObject({
      outcome: 'failure',
      client_id: clientId,
      token_id: expect.any(String),
      customer_id: '10001',
      ip: '127.0.0.1',
      user_agent: 'probe/1.0',
      method: 'GET',
      path: READ,
      request_id: answer.body.request_id,
    });
    const { body } = await env.admin.get(`/api/v1/tokens/${event.token_id}`);
    expect(event.detail.expired_at).toBe(body.expires_at);
    expect(event.detail.message).toContain(clientId);
  });

  it.each(['token_revoked', 'client_inactive', 'client_deleted', 'address_not_allowed'])(
    'that is refused for %s is not told apart, but on record',
    async (reason) => {
      const { clientId, api } = await env.registerClient();
      const path = `${ADMIN}/${clientId}`;
      if (reason === 'token_revoked') await env.admin.delete(`${path}/tokens`);
      if (reason === 'client_inactive') await env.admin.patch(path, { body: { active: false } });
      if (reason === 'client_deleted') await env.admin.delete(path);
      if (reason === 'address_not_allowed')
        await env.admin.patch(path, { body: { allowed_cidrs: ['192.0.2.1'] } });
      const answer = await api.get(READ);
      expect(answer.status).toBe(401);
      expect(challenge(answer)).toBe(
        'Bearer error="invalid_token", error_description="The access token is not valid"',
      );
      expect(await latest('access_token.revoked_use')).toMatchObject({
        client_id: clientId,
        token_id: expect.any(String),
        customer_id: '10001',
        detail: { reason },
      });
    },
  );

  it('that lacks the scope is refused by its name, and on record', async () => {
    const { clientId, api } = await env.registerClient({ scopes: ['users:read'] });
    const answer = await api.get(READ);
    expect(answer.status).toBe(403);
    expect(challenge(answer)).toBe(
      'Bearer error="insufficient_scope", error_description="This needs the scope devices:read.", scope="devices:read"',
    );
    expect(answer.body).toMatchObject({ status: 403, code: 'insufficient_scope' });
    expect(await latest('access_token.scope_denied')).toMatchObject({
      outcome: 'failure',
      actor: { kind: 'client', id: clientId },
      client_id: clientId,
      token_id: expect.any(String),
      detail: { required: 'devices:read', held: ['users:read'] },
    });
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer "a"',
    'Bearer a,b',
    'bearer ä',
    'Bearer =',
    'Bearer a=b',
  ])('is none in the header %j: 400, and on record', async (authorization) => {
    const before = await countOf(env, 'access_token.unknown_use');
    const answer = await call(READ, encodeURI(authorization).replaceAll('%20', ' ').replaceAll('%22', '"'));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(402);
    expect(challenge(answer)).toMatch(/^Bearer error="invalid_(request|token)"/);
    expect(await countOf(env, 'access_token.unknown_use')).toBe(before + 1);
  });

  it('is taken however its scheme is spelled', async () => {
    const { clientId, clientSecret } = await env.registerClient();
    const token = await env.token(clientId, clientSecret);
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  '])
      expect((await call(READ, `${scheme} ${token}`)).status).toBe(200);
  });

  it('is refused in a query, even beside a good header, and on record without the query', async () => {
    const { clientId, clientSecret, api } = await env.registerClient();
    const token = await env.token(clientId, clientSecret);
    for (const query of [
      `access_token=${token}`,
      'access_token',
      'limit=1&%61ccess_token=x',
      'access_token=a&access_token=b',
    ]) {
      for (const caller of [api, env.anonymous, env.admin]) {
        const before = await countOf(env, 'access_token.unknown_use');
        const answer = await caller.get(`${READ}?${query}`);
        expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'invalid_request']);
        expect(challenge(answer)).toMatch(/^Bearer error="invalid_request"/);
        expect(await countOf(env, 'access_token.unknown_use')).toBe(before + 1);
        expect(JSON.stringify(await latest('access_token.unknown_use'))).not.toContain(token);
      }
    }
  });

  it('is refused in a body, even beside a good header', async () => {
    const { clientId, clientSecret } = await env.registerClient();
    const token = await env.token(clientId, clientSecret);
    const form = new URLSearchParams({ grant_type: 'client_credentials', access_token: token });
    const basic = ApiClient.basic(env.url, clientId, clientSecret);
    expect((await basic.post('/oauth2/token', { body: form })).body.error).toBe('invalid_request');
    expect((await env.admin.post(ADMIN, { body: form })).status).toBe(400);
    const json = await env.admin.post(ADMIN, { body: { name: unique('c'), access_token: token } });
    expect([json.status, json.body.errors[0].field]).toEqual([400, 'access_token']);
    expect(json.text).not.toContain(token);
  });
});

describe('Basic on the admin API', () => {
  it('is as good as a token', async () => {
    const { clientId, clientSecret } = await env.registerClient({ scopes: ['clients:read'] });
    expect((await call(ADMIN, basicAuthorization(clientId, clientSecret))).status).toBe(200);
    const denied = await call('/api/v1/tokens', basicAuthorization(clientId, clientSecret));
    expect(denied.status).toBe(403);
    expect(await latest('access_token.scope_denied')).toMatchObject({
      client_id: clientId,
      token_id: null,
      detail: { required: 'tokens:read' },
    });
  });

  it.each([
    ['a wrong secret', () => basicAuthorization('test-admin', 'wrong'), 'wrong_secret'],
    ['an unknown client', () => basicAuthorization('nobody', 'wrong'), 'unknown_client'],
    ['no secret', () => basicAuthorization('test-admin', ''), 'wrong_secret'],
    ['nothing', () => 'Basic', 'malformed_credentials'],
    ['no base64', () => 'Basic *', 'malformed_credentials'],
  ])('with %s is 401 that names Basic, and on record', async (_, authorization, reason) => {
    const answer = await call(ADMIN, authorization());
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toMatch(/^Basic realm=/);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ code: 'invalid_client', detail: 'Client authentication failed.' });
    expect((await latest('client_authentication.failed')).detail.reason).toBe(reason);
  });

  it('is refused a client that is suspended', async () => {
    const { clientId, clientSecret } = await env.registerClient({ scopes: ['clients:read'] });
    await env.admin.patch(`${ADMIN}/${clientId}`, { body: { active: false } });
    expect((await call(ADMIN, basicAuthorization(clientId, clientSecret))).status).toBe(401);
  });
});

it('a change that would give more than one has is refused with 403, and on record', async () => {
  const { clientId, api } = await env.registerClient({ scopes: ['clients:write'] });
  const body = { name: unique('c'), scopes: ['audit:read', 'devices:read', 'tokens:write'] };
  const { status, body: problem } = await api.post(ADMIN, { body });
  expect([status, problem.code]).toEqual([403, 'forbidden']);
  expect(problem.detail).toBe('You cannot give what you do not have: audit:read, tokens:write.');
  expect(await latest('access_token.scope_denied')).toMatchObject({
    actor: { kind: 'client', id: clientId },
    token_id: expect.any(String),
    path: ADMIN,
    request_id: problem.request_id,
    detail: { required: 'audit:read tokens:write', held: ['clients:write'] },
  });
  expect((await env.admin.get(`${ADMIN}?name=${body.name}&count=true`)).body.total).toBe(0);
});
