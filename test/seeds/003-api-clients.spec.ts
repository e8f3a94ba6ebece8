import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLIENT_SECRET, generateSecret } from '#oauth-protocol';
import { ApiClient, basicAuthorization, type ApiResponse } from '../support/api-client.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { rawBytes } from '../support/raw-request.js';

const LIMIT = 5;
const PATH = '/api/v1/configuration/api-clients';
const ID = '365DADBA53849C3B67E7E3B736AA8C0701A98D6DC68047CD2AA10094DDFD835B';
const SECRET = '919724DAE12CAB220407C34EDAE8438CEAE965CD0F8AD033A743C1F4BB4B15C4';

/** The document's example requests, as they stand there. */
const LIST = `GET /api/v1/configuration/api-clients?page=1 HTTP/1.1
Host: onegini.example.com
`;
const CREATE = `POST /api/v1/configuration/api-clients HTTP/1.1
Host: onegini.example.com
Content-Type: application/json
{
   "name":"API client 1",
   "client_id":"${ID}",
   "client_secret":"${SECRET}",
   "scopes":[
      "onegini_api_end_user",
      "onegini_api_two_way_otp"
   ],
   "public_base_uri":""
}
`;
const READ = `GET /api/v1/configuration/api-clients/${ID} HTTP/1.1
Host: onegini.example.com
`;
const UPDATE = `PATCH /api/v1/configuration/api-clients/F167433E63CE8BD874D7 HTTP/1.1
Host: onegini.example.com
Content-Type: application/json

{
  "scopes": ["onegini_api_end_user", "onegini_api_mobile_authentication"]
}
`;
const DELETE = `DELETE /api/v1/configuration/api-clients/${ID} HTTP/1.1
Host: onegini.example.com
`;

let env: TestEnvironment;
let authorization: string;
/** A client with `onegini_api_admin` alone, by Basic: whoever runs the scripts of that system. */
let scripts: ApiClient;
beforeAll(async () => {
  env = await createTestEnvironment({ variables: { POSTERN_RATE_LIMIT_FAILURES: String(LIMIT) } });
  const { clientId, clientSecret } = await env.registerClient({ scopes: ['onegini_api_admin'] });
  authorization = basicAuthorization(clientId, clientSecret);
  scripts = ApiClient.basic(env.url, clientId, clientSecret);
});
afterAll(() => env.close());

interface Answer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** Sends an example as it is printed, with credentials and what any client adds: a length. */
async function send(example: string): Promise<Answer> {
  const [head, body = ''] = example.includes('{')
    ? [example.slice(0, example.indexOf('{')).trimEnd(), example.slice(example.indexOf('{'))]
    : [example.trimEnd()];
  const lines = [
    ...head.split('\n'),
    `Authorization: ${authorization}`,
    ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
    'Connection: close',
  ];
  const text = await rawBytes(env.url, `${lines.join('\r\n')}\r\n\r\n${body}`);
  const [answerHead = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...headerLines] = answerHead.split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: new Map(
      headerLines.map((line) => [
        line.split(':', 1)[0]!.toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    ),
    body: rest.join('\r\n\r\n'),
  };
}

function expectKeptByNobody({ headers }: Answer): void {
  expect(headers.get('content-type')?.toLowerCase()).toBe('application/json;charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('pragma')).toBe('no-cache');
}

const fields = (name: string, more: object = {}) => ({
  name,
  client_id: name,
  client_secret: SECRET,
  scopes: ['onegini_api_end_user'],
  ...more,
});

function expectError({ status, body, headers }: ApiResponse, expected: number, error: string): string[] {
  expect({ status, error: body?.error }).toEqual({ status: expected, error });
  expect(Object.keys(body)).toEqual(['error', 'message', 'details']);
  expect(body.message).toEqual(expect.any(String));
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('pragma')).toBe('no-cache');
  return body.details;
}

/** An application that runs on people's own devices: it has no secret. */
async function publicClient(): Promise<string> {
  const { body } = await env.admin.post('/api/v1/clients', {
    body: {
      name: unique('public'),
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
    },
  });
  return body.client_id;
}

describe('the examples of the document', () => {
  it('create a client: 201, an empty body, its address', async () => {
    const answer = await send(CREATE);
    expect(answer.status).toBe(201);
    expect(answer.body).toBe('');
    expect(answer.headers.get('location')).toBe(`${PATH}/${ID}`);
    expectKeptByNobody(answer);
  });

  it('read it, without its secret', async () => {
    const answer = await send(READ);
    expect(answer.status).toBe(200);
    expectKeptByNobody(answer);
    expect(JSON.parse(answer.body)).toEqual({
      name: 'API client 1',
      client_id: ID,
      scopes: ['onegini_api_end_user', 'onegini_api_two_way_otp'],
      public_base_uri: '',
    });
    expect(await scripts.get(`/api/v1/configuration/api_clients/${ID}`)).toMatchObject({
      status: 200,
      body: { client_id: ID },
    });
  });

  it('let the client get a token', async () => {
    expect(await env.token(ID, SECRET)).toEqual(expect.any(String));
  });

  it('list the second page, which is empty yet', async () => {
    const answer = await send(LIST);
    expect(answer.status).toBe(200);
    expectKeptByNobody(answer);
    expect(JSON.parse(answer.body)).toEqual({ result: [] });
  });

  it('change the scopes and nothing else: 204, an empty body', async () => {
    const id = 'F167433E63CE8BD874D7';
    const created = fields('API client 2', { client_id: id, public_base_uri: 'https://example.com/sth' });
    expect((await scripts.post(PATH, { body: created })).status).toBe(201);
    const answer = await send(UPDATE);
    expect([answer.status, answer.body]).toEqual([204, '']);
    expectKeptByNobody(answer);
    expect((await scripts.get(`${PATH}/${id}`)).body).toEqual({
      name: 'API client 2',
      client_id: id,
      scopes: ['onegini_api_end_user', 'onegini_api_mobile_authentication'],
      public_base_uri: 'https://example.com/sth',
    });
  });

  it('delete a client, and its tokens with it: 204, an empty body', async () => {
    const token = await env.token(ID, SECRET);
    const answer = await send(DELETE);
    expect([answer.status, answer.body]).toEqual([204, '']);
    expectKeptByNobody(answer);
    expectError(await scripts.get(`${PATH}/${ID}`), 404, 'not_found');
    expect((await ApiClient.bearer(env.url, token).get('/pam/v1/users')).status).toBe(401);
  });
});

describe('the list', () => {
  it('shows clients without secrets, and with no other field', async () => {
    const { status, body } = await scripts.get(PATH);
    expect(status).toBe(200);
    expect(body.result.length).toBeGreaterThan(2);
    for (const item of body.result)
      expect(Object.keys(item)).toEqual(['name', 'client_id', 'scopes', 'public_base_uri']);
  });

  it.each(['-1', 'x', '1.5', ''])('refuses page=%s by name', async (page) => {
    expect(expectError(await scripts.get(`${PATH}?page=${page}`), 400, 'invalid_request')[0]).toMatch(
      /^page /,
    );
  });

  it.each(['1000', '10000000', '99999999999999999999'])('is empty beyond its end: page=%s', async (page) => {
    const { status, body } = await scripts.get(`${PATH}?page=${page}`);
    expect([status, body]).toEqual([200, { result: [] }]);
  });

  it('refuses other parameters by name', async () => {
    expect(expectError(await scripts.get(`${PATH}?size=5`), 400, 'invalid_request')[0]).toMatch(/^size /);
  });
});

describe('a deletion', () => {
  it('says what it likes of a body that it does not have', async () => {
    await scripts.post(PATH, { body: fields('goes-again') });
    const headers = { 'content-type': 'application/json' };
    expect((await scripts.delete(`${PATH}/goes-again`, { headers })).status).toBe(204);
  });
});

describe('a change', () => {
  it('of the secret ends the old one', async () => {
    const name = 'changes-its-secret';
    await scripts.post(PATH, { body: fields(name) });
    const renewed = 'AF33E2BF29C54A4639ABAF33E2BF29C54A4639AB';
    expect((await scripts.patch(`${PATH}/${name}`, { body: { client_secret: renewed } })).status).toBe(204);
    expect(await env.token(name, renewed)).toEqual(expect.any(String));
    await expect(env.token(name, SECRET)).rejects.toThrow('401');
  });

  it('of the secret and something that is wrong changes neither', async () => {
    const name = 'changes-nothing';
    await scripts.post(PATH, { body: fields(name) });
    const body = { client_secret: 'AF33E2BF29C54A4639AB', scopes: ['nobody_knows_it'] };
    expectError(await scripts.patch(`${PATH}/${name}`, { body }), 400, 'invalid_request');
    expect(await env.token(name, SECRET)).toEqual(expect.any(String));
  });

  it.each(['name', 'client_secret', 'scopes'])('to no %s at all is refused by name', async (field) => {
    const body = { [field]: null };
    const details = expectError(
      await scripts.patch(`${PATH}/changes-nothing`, { body }),
      400,
      'invalid_request',
    );
    expect(details[0]).toMatch(new RegExp(`^${field} `));
  });

  it('to a name that is taken, or of a public client’s secret, is refused as the parameter it is', async () => {
    await scripts.post(PATH, { body: fields('has-a-name') });
    const client_id = await publicClient();
    for (const [id, body, fault] of [
      ['changes-nothing', { name: 'has-a-name' }, /^name /],
      [client_id, { name: 'not kept', client_secret: SECRET }, /^client_secret /],
    ] as const) {
      const before = (await scripts.get(`${PATH}/${id}`)).body;
      const details = expectError(await scripts.patch(`${PATH}/${id}`, { body }), 400, 'invalid_request');
      expect(details).toEqual([expect.stringMatching(fault)]);
      expect((await scripts.get(`${PATH}/${id}`)).body).toEqual(before);
    }
  });

  it('of nothing changes nothing', async () => {
    const name = 'stays-as-it-is';
    await scripts.post(PATH, { body: fields(name, { public_base_uri: 'https://example.com' }) });
    expect((await scripts.patch(`${PATH}/${name}`, { body: {} })).status).toBe(204);
    const { client_secret: _, ...shown } = fields(name, { public_base_uri: 'https://example.com' });
    expect((await scripts.get(`${PATH}/${name}`)).body).toEqual(shown);
    expect((await scripts.patch(`${PATH}/${name}`, { body: { public_base_uri: '' } })).status).toBe(204);
    expect((await scripts.get(`${PATH}/${name}`)).body.public_base_uri).toBe('');
  });
});

describe('a refusal', () => {
  it.each(['name', 'client_id', 'client_secret', 'scopes'])('names a missing %s', async (field) => {
    const body: Record<string, unknown> = fields('incomplete');
    delete body[field];
    const details = expectError(await scripts.post(PATH, { body }), 400, 'invalid_request');
    expect(details).toHaveLength(1);
    expect(details[0]).toMatch(new RegExp(`^${field} `));
  });

  it.each([
    ['name', 7],
    ['name', 'x'.repeat(201)],
    ['client_id', 'with space'],
    ['client_id', 'x'.repeat(129)],
    ['client_secret', 'short'],
    ['scopes', 'onegini_api_end_user'],
    ['scopes', ['nobody_knows_it']],
    ['public_base_uri', 'not a uri'],
    ['public_base_uri', 5],
    ['unknown', true],
  ])('names a wrong %s', async (field, value) => {
    const body = fields('wrong', { [field]: value });
    const details = expectError(await scripts.post(PATH, { body }), 400, 'invalid_request');
    expect(details[0]).toMatch(new RegExp(`^${field}`));
  });

  it('comes in the same form for what is no JSON object, and for another verb', async () => {
    const headers = { 'content-type': 'application/json' };
    expectError(await scripts.post(PATH, { body: '{', headers }), 400, 'invalid_request');
    expectError(await scripts.post(PATH, { body: '[]', headers }), 400, 'invalid_request');
    expectError(await scripts.put(PATH, { body: {} }), 405, 'invalid_request');
  });

  it('is 401 for no credentials, wrong ones, and a bearer token', async () => {
    expect(expectError(await env.anonymous.get(PATH), 401, 'unauthorized')[0]).toContain('id and secret');
    expectError(await ApiClient.basic(env.url, 'nobody', 'x').get(PATH), 401, 'unauthorized');
    const { clientId, clientSecret } = await env.registerClient({ scopes: ['onegini_api_admin'] });
    const bearer = ApiClient.bearer(env.url, await env.token(clientId, clientSecret));
    expectError(await bearer.get(PATH), 401, 'unauthorized');
  });

  it('is 401 for a client that is not active or not valid any more', async () => {
    for (const body of [{ active: false }, { valid_until: env.clock.now().toISOString() }]) {
      const { clientId, clientSecret } = await env.registerClient({ scopes: ['onegini_api_admin'] });
      const api = ApiClient.basic(env.url, clientId, clientSecret);
      expect((await api.get(PATH)).status).toBe(200);
      expect((await env.admin.patch(`/api/v1/clients/${clientId}`, { body })).status).toBe(200);
      expectError(await api.get(PATH), 401, 'unauthorized');
    }
  });

  it('is 403 without the scope, and for a scope that the caller does not have', async () => {
    const { clientId, clientSecret } = await env.registerClient({ scopes: ['clients:read'] });
    expectError(await ApiClient.basic(env.url, clientId, clientSecret).get(PATH), 403, 'forbidden');
    const body = fields('too-much', { scopes: ['onegini_api_token_introspection'] });
    expectError(await scripts.post(PATH, { body }), 403, 'forbidden');
  });

  it('is 404 for what is not there, and for another customer’s', async () => {
    const other = await env.addCustomer('20002');
    const { body } = await other.post('/api/v1/clients', { body: { name: 'theirs' } });
    for (const id of ['nobody', body.client_id]) {
      expectError(await scripts.get(`${PATH}/${id}`), 404, 'not_found');
      expectError(await scripts.patch(`${PATH}/${id}`, { body: {} }), 404, 'not_found');
      expectError(await scripts.delete(`${PATH}/${id}`), 404, 'not_found');
    }
    expect((await other.get(`/api/v1/clients/${body.client_id}`)).status).toBe(200);
  });

  it('is 409 for an id that any client has, of whatever kind and customer', async () => {
    const other = await env.addCustomer('30003');
    const { body } = await other.post('/api/v1/clients', { body: { name: 'theirs' } });
    const ids = [body.client_id, await publicClient(), 'test-admin', 'postern-swagger-ui', 'postern-console'];
    for (const client_id of ids) {
      expectError(await scripts.post(PATH, { body: fields('taken', { client_id }) }), 409, 'conflict');
    }
  });
});

describe('too many wrong secrets', () => {
  it('are put off, in the same form', async () => {
    const guess = () => ApiClient.basic(env.url, 'guessed-at', 'not the secret of it').get(PATH);
    for (let count = 0; count < LIMIT; count += 1) expect((await guess()).status).toBe(401);
    const answer = await guess();
    expectError(answer, 429, 'temporarily_unavailable');
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });
});

describe('a script that adds many clients at once, edits and deletes them', () => {
  it('does so for more than fill two pages', async () => {
    const ids = Array.from({ length: 210 }, (_, index) => `bulk-${index}`);
    for (const id of ids) {
      // Secrets in the generated form, which cost no slow hash.
      const body = fields(id, { client_secret: generateSecret(CLIENT_SECRET) });
      const { status } = await scripts.post(PATH, { body });
      expect(status).toBe(201);
    }
    const listed: string[] = [];
    for (let page = 0; ; page += 1) {
      const { body } = await scripts.get(`${PATH}?page=${page}`);
      expect(body.result.length).toBeLessThanOrEqual(100);
      if (body.result.length === 0) break;
      listed.push(...body.result.map(({ client_id }: { client_id: string }) => client_id));
    }
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(ids));
    for (const id of ids) {
      const { status } = await scripts.patch(`${PATH}/${id}`, { body: { scopes: ['onegini_api_events'] } });
      expect(status).toBe(204);
    }
    expect((await scripts.get(`${PATH}/bulk-209`)).body.scopes).toEqual(['onegini_api_events']);
    for (const id of ids) expect((await scripts.delete(`${PATH}/${id}`)).status).toBe(204);
    expectError(await scripts.get(`${PATH}/bulk-0`), 404, 'not_found');
  });
});
