import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, basicAuthorization, type ApiResponse } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import {
  createTestEnvironment,
  unique,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';

const TOKEN = '/oauth2/token';
const FORM = 'application/x-www-form-urlencoded';
const GRANT = { grant_type: 'client_credentials' };

let env: TestEnvironment;
let client: RegisteredClient;
let basic: ApiClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  client = await env.registerClient({ scopes: ['devices:read', 'users:read'] });
  basic = ApiClient.basic(env.url, client.clientId, client.clientSecret);
});
afterAll(() => env.close());

const byBasic = (parameters: Record<string, string>) =>
  basic.post(TOKEN, { body: new URLSearchParams(parameters) });
const byBody = (parameters: Record<string, string>) =>
  env.anonymous.post(TOKEN, {
    body: new URLSearchParams({
      client_id: client.clientId,
      client_secret: client.clientSecret,
      ...GRANT,
      ...parameters,
    }),
  });
const raw = (body: string, headers: Record<string, string> = {}) =>
  basic.post(TOKEN, { body, headers: { 'content-type': FORM, ...headers } });

/** RFC 6749 §5.2, and nothing more. */
function expectError({ status, body, headers }: ApiResponse, expected: number, error: string): void {
  expect({ status, error: body?.error }).toEqual({ status: expected, error });
  expect(Object.keys(body).sort()).toEqual(['error', 'error_description']);
  expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('pragma')).toBe('no-cache');
  expect(headers.get('www-authenticate')).toEqual(
    expected === 401 ? expect.stringMatching(/^Basic realm="[^"]+"/) : null,
  );
}

describe('a token by client credentials', () => {
  it.each([
    ['Basic', () => byBasic(GRANT)],
    ['the body', () => byBody({})],
  ])('is got by %s (RFC 6749 §5.1)', async (_, request) => {
    const { status, body, headers } = await request();
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^pst_[A-Za-z0-9_-]{49}$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'devices:read users:read',
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
    expect((await ApiClient.bearer(env.url, body.access_token).get('/pam/v1/devices')).status).toBe(200);
  });

  it('is on record with how it came to be', async () => {
    await byBasic({ ...GRANT, scope: 'users:read' });
    const [event] = await auditEvents(env, 'access_token.issued', `&client_id=${client.clientId}`);
    expect(event).toMatchObject({
      outcome: 'success',
      actor: { kind: 'client', id: client.clientId },
      customer_id: '10001',
      path: TOKEN,
      detail: { grant_type: 'client_credentials', scopes: ['users:read'] },
    });
    const { body } = await env.admin.get(`/api/v1/tokens/${event.token_id}`);
    expect(body).toMatchObject({
      grant_type: 'client_credentials',
      subject: client.clientId,
      issued_by: client.clientId,
    });
  });

  it('lives as long as the client says, to the second', async () => {
    const { clientId, clientSecret } = await env.registerClient({ access_token_ttl: 2 });
    const api = ApiClient.basic(env.url, clientId, clientSecret);
    const { body } = await api.post(TOKEN, { body: new URLSearchParams(GRANT) });
    expect(body.expires_in).toBe(2);
    const bearer = ApiClient.bearer(env.url, body.access_token);
    expect((await bearer.get('/pam/v1/devices')).status).toBe(200);
    env.clock.advance(2.001);
    expect((await bearer.get('/pam/v1/devices')).status).toBe(401);
    env.clock.set(new Date());
  });

  it('is another one each time, many at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => byBasic(GRANT)));
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(30);
  });

  it.each([
    ['devices:read', 'devices:read'],
    ['users:read devices:read', 'users:read devices:read'],
    ['  devices:read   users:read ', 'devices:read users:read'],
    ['devices:read devices:read', 'devices:read'],
    ['', 'devices:read users:read'],
    ['   ', 'devices:read users:read'],
  ])('asked for with the scope %j has %j', async (scope, granted) => {
    const { status, body } = await byBasic({ ...GRANT, scope });
    expect([status, body.scope]).toEqual([200, granted]);
    const narrow = ApiClient.bearer(env.url, body.access_token);
    expect((await narrow.get('/pam/v1/users')).status).toBe(granted.includes('users') ? 200 : 403);
  });

  it.each([
    'accounts:read',
    'clients:write',
    'nonsense',
    'Devices:read',
    'devices:read clients:write',
    'devices:read\tusers:read',
    'devices:read\nusers:read',
    'dëvices',
    '"devices:read"',
    'a\\b',
    'devices:read,users:read',
    'x'.repeat(5000),
  ])('is not given for the scope %j', async (scope) => {
    expectError(await byBasic({ ...GRANT, scope }), 400, 'invalid_scope');
  });

  it('is given for the client’s customer alone', async () => {
    expect((await byBasic({ ...GRANT, customer: '10001' })).status).toBe(200);
    expectError(await byBasic({ ...GRANT, customer: '20002' }), 401, 'invalid_client');
    expectError(await byBody({ customer: '1000' }), 401, 'invalid_client');
    const [event] = await auditEvents(env, 'client_authentication.failed', `&client_id=${client.clientId}`);
    expect(event.detail.reason).toBe('wrong_customer');
  });

  it('is not given to a client that is not registered for it, or has no scopes', async () => {
    const code = await env.admin.post('/api/v1/clients', {
      body: { name: unique('c'), grant_types: ['authorization_code'] },
    });
    const none = await env.admin.post('/api/v1/clients', { body: { name: unique('c'), scopes: [] } });
    const ask = ({ client_id, client_secret }: any) =>
      env.anonymous.post(TOKEN, { body: new URLSearchParams({ ...GRANT, client_id, client_secret }) });
    expectError(await ask(code.body), 400, 'unauthorized_client');
    expectError(await ask(none.body), 400, 'invalid_scope');
  });

  it('says so of parameters that it does not know by ignoring them', async () => {
    expect((await byBasic({ ...GRANT, nonsense: '1', audience: 'x' })).status).toBe(200);
  });
});

describe('a token request that is no token request', () => {
  it.each([
    ['no grant_type', ''],
    ['an empty grant_type', 'grant_type='],
    ['a repeated grant_type', 'grant_type=client_credentials&grant_type=client_credentials'],
    ['a repeated scope', 'grant_type=client_credentials&scope=devices:read&scope=users:read'],
    ['a repeated unknown parameter', 'grant_type=client_credentials&x=1&x=1'],
    ['a parameter repeated in another spelling', 'grant_type=client_credentials&scope=a&%73cope=b'],
    ['a broken escape', 'grant_type=%zz'],
    ['half an escape', 'grant_type=client_credentials&scope=%e2%82'],
    ['a NUL', 'grant_type=client_credentials&scope=%00'],
    ['a lone surrogate', 'grant_type=client_credentials&scope=%ed%a0%80'],
  ])('with %s is invalid_request', async (_, body) => {
    const before = await countOf(env, 'access_token.issued');
    expectError(await raw(body), 400, 'invalid_request');
    expect(await countOf(env, 'access_token.issued')).toBe(before);
  });

  it.each(['password', 'Client_Credentials', 'client_credentials ', 'urn:x', '__proto__'])(
    'with the grant_type %j is unsupported_grant_type',
    async (grant_type) => {
      expectError(await byBasic({ grant_type }), 400, 'unsupported_grant_type');
    },
  );

  it.each([
    ['application/json', JSON.stringify(GRANT)],
    ['application/json', '{'],
    ['text/plain', 'grant_type=client_credentials'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/x-ndjson', '{}'],
    ['text/csv', 'a'],
    ['application/xml', '<a/>'],
    ['nonsense', 'x'],
  ])('of the type %s is invalid_request', async (type, body) => {
    expectError(await raw(body, { 'content-type': type }), 400, 'invalid_request');
  });

  it('without a body is invalid_request', async () => {
    expectError(await basic.post(TOKEN), 400, 'invalid_request');
  });

  it('that is packed is invalid_request', async () => {
    expectError(await raw('x', { 'content-encoding': 'gzip' }), 400, 'invalid_request');
  });

  it('that is too large is refused in the same form', async () => {
    const answer = await raw(`grant_type=client_credentials&x=${'y'.repeat(1_100_000)}`);
    expectError(answer, 413, 'invalid_request');
  });

  it('takes its parameters in the body alone', async () => {
    const { status } = await env.anonymous.post(
      `${TOKEN}?grant_type=client_credentials&client_id=${client.clientId}&client_secret=${client.clientSecret}`,
      { body: new URLSearchParams(GRANT) },
    );
    expect(status).toBe(401);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('by %s is 405', async (method) => {
    const answer = await basic.request(method, TOKEN);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('takes its type however it is written', async () => {
    for (const type of [
      'Application/X-WWW-Form-URLencoded',
      `${FORM};charset=UTF-8`,
      `${FORM} ; charset="utf-8"`,
    ])
      expect((await raw('grant_type=client_credentials', { 'content-type': type })).status).toBe(200);
  });
});

describe('client authentication', () => {
  const withHeader = (authorization: string, parameters: Record<string, string> = GRANT) =>
    env.anonymous.post(TOKEN, { body: new URLSearchParams(parameters), headers: { authorization } });
  const reason = async () => (await auditEvents(env, 'client_authentication.failed'))[0].detail.reason;

  it('in two ways at once is invalid_request, and nothing is issued', async () => {
    const before = await countOf(env, 'access_token.issued');
    const both = { ...GRANT, client_id: client.clientId, client_secret: client.clientSecret };
    expectError(await byBasic(both), 400, 'invalid_request');
    expectError(await byBasic({ ...GRANT, client_secret: 'wrong' }), 400, 'invalid_request');
    expectError(await byBasic({ ...GRANT, client_assertion: 'x' }), 400, 'invalid_request');
    expectError(await withHeader(`Bearer x`, both), 400, 'invalid_request');
    expect(await countOf(env, 'access_token.issued')).toBe(before);
  });

  it('by Basic may repeat its client_id in the body, and no other', async () => {
    const other = await env.registerClient();
    expect((await byBasic({ ...GRANT, client_id: client.clientId })).status).toBe(200);
    expectError(await byBasic({ ...GRANT, client_id: other.clientId }), 401, 'invalid_client');
    expect(await reason()).toBe('client_id_mismatch');
    expectError(await byBasic({ ...GRANT, client_id: '' }), 401, 'invalid_client');
  });

  it('answers for a client that is not there exactly as for a wrong secret', async () => {
    const wrong = await ApiClient.basic(env.url, client.clientId, 'wrong').post(TOKEN, {
      body: new URLSearchParams(GRANT),
    });
    expectError(wrong, 401, 'invalid_client');
    expect(await reason()).toBe('wrong_secret');
    const unknown = await ApiClient.basic(env.url, unique('nobody'), 'wrong').post(TOKEN, {
      body: new URLSearchParams(GRANT),
    });
    expect(await reason()).toBe('unknown_client');
    expect(unknown.text).toBe(wrong.text);
    const comparable = ({ headers }: ApiResponse) =>
      [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
    expect(comparable(unknown)).toEqual(comparable(wrong));
    const inactive = await env.registerClient();
    await env.admin.patch(`/api/v1/clients/${inactive.clientId}`, { body: { active: false } });
    const suspended = await ApiClient.basic(env.url, inactive.clientId, inactive.clientSecret).post(TOKEN, {
      body: new URLSearchParams(GRANT),
    });
    expect(suspended.text).toBe(wrong.text);
  });

  it.each([
    ['none', {}],
    ['an id alone', { client_id: 'test-admin' }],
    ['an empty secret', { client_id: 'test-admin', client_secret: '' }],
    ['a secret alone', { client_secret: 'sixteen characters' }],
  ])('with %s is invalid_client', async (_, parameters) => {
    const answer = await env.anonymous.post(TOKEN, {
      body: new URLSearchParams({ ...GRANT, ...parameters }),
    });
    expectError(answer, 401, 'invalid_client');
    expect(await reason()).toBe('no_credentials');
  });

  it.each([
    'Basic',
    'Basic ',
    'Basic ???',
    'Basic %',
    `Basic ${Buffer.from('no colon').toString('base64')}`,
    `Basic ${Buffer.from(':no id').toString('base64')}`,
    `Basic ${Buffer.from([0x61, 0x3a, 0xff, 0xfe]).toString('base64')}`,
    `Basic ${Buffer.from('a:b\0c').toString('base64')}`,
    `Basic ${Buffer.from('a:b').toString('base64')} ${Buffer.from('a:b').toString('base64')}`,
    'XBasicX YTpi',
    'BasicYTpi',
    'Digest username="a"',
    'Bearer pst_x',
  ])('by the header %j is invalid_client', async (authorization) => {
    expectError(await withHeader(authorization), 401, 'invalid_client');
    expect(await reason()).toBe('malformed_credentials');
  });

  it('does not mind how Basic is spelled', async () => {
    const credentials = basicAuthorization(client.clientId, client.clientSecret).slice(6);
    for (const scheme of ['basic', 'BASIC', 'bAsIc '])
      expect((await withHeader(`${scheme} ${credentials}`)).status).toBe(200);
  });

  it.each([
    'a'.repeat(127) + '😀',
    '😀'.repeat(100),
    '\u0001\u001f',
    `${'x'.repeat(3000)}`,
    "'; DROP TABLE clients;--",
  ])('as %j is on record, cut to what a client id may have', async (id) => {
    expectError(
      await ApiClient.basic(env.url, id, 'x').post(TOKEN, { body: new URLSearchParams(GRANT) }),
      401,
      'invalid_client',
    );
    const [event] = await auditEvents(env, 'client_authentication.failed');
    expect(event.client_id.slice(0, 127)).toBe(id.slice(0, 127));
    expect(event.client_id.length).toBeLessThanOrEqual(128);
  });
});
