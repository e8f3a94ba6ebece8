import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { basicAuthorization } from '../support/api-client.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson, type Person } from '../support/people.js';
import { rawBytes, rawRequest, type RawAnswer } from '../support/raw-request.js';

const CLIENTS = '/api/v1/clients';
const OPERATORS = '/api/v1/operators';
const CUSTOMERS = '/api/v1/customers';

let env: TestEnvironment;
let authorization: string;
let clientId: string;
let person: Person;
beforeAll(async () => {
  env = await createTestEnvironment();
  authorization = basicAuthorization(env.adminCredentials.clientId, env.adminCredentials.clientSecret);
  ({ clientId } = await env.registerClient());
  person = await addPerson(env);
});
afterAll(() => env.close());

/** A problem document of RFC 9457, and nothing of our insides. */
function expectProblem({ status, headers, body, text }: RawAnswer, wanted?: number): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  if (wanted) expect([status, text.slice(0, 200)]).toEqual([wanted, text.slice(0, 200)]);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  // What the router refuses has met no hook yet.
  if (headers['x-request-id']) expect(headers['x-content-type-options']).toBe('nosniff');
  expect(body).toMatchObject({
    type: `urn:postern:problem:${body.code}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    request_id: expect.any(String),
  });
  for (const { field, message } of body.errors ?? []) {
    expect(typeof field).toBe('string');
    expect(message).not.toBe('');
  }
  expect(text).not.toMatch(/node_modules|\.js:\d|\bat [A-Z]\w*\.|SELECT |INSERT /);
}

const send = (method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}) =>
  rawRequest(env.url, method, path, {
    body,
    headers: {
      authorization,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  });
const json = (value: unknown) => send('POST', CLIENTS, JSON.stringify(value));

const FIELDS = [
  'name notes active scopes grant_types token_endpoint_auth_method redirect_uris require_pkce access_token_format',
  'access_token_ttl refresh_token_ttl public_base_uri allowed_cidrs valid_from valid_until client_id client_secret customer_id',
]
  .join(' ')
  .split(' ');
const BODIES: [string, string][] = [
  ['POST', CLIENTS],
  ['POST', '/api/v1/scopes'],
  ['PATCH', `${CLIENTS}/ID`],
  ['PATCH', '/api/v1/scopes/nothing'],
  ['POST', `${CLIENTS}/ID/secrets`],
  ['POST', `${CLIENTS}/ID/tokens`],
  ['POST', OPERATORS],
  ['PATCH', `${OPERATORS}/PERSON`],
  ['POST', CUSTOMERS],
  ['PATCH', `${CUSTOMERS}/10001`],
];
const at = (path: string) => path.replace('ID', clientId).replace('PERSON', person.id);

describe('a body', () => {
  it.each([
    '{',
    '[',
    '',
    '{"name":"a",}',
    "{'name':'a'}",
    '{"name":"a"} {"name":"b"}',
    'undefined',
    'NaN',
    '[]',
    '[{"name":"a"}]',
    'null',
    '"name"',
    '5',
    'true',
    '{"__proto__":{"name":"a"},"name":"b"}',
    '{"name":"a","constructor":{"prototype":{"x":1}}}',
    '{"name":"a","toString":1}',
    '{"name":"a","hasOwnProperty":null}',
    '{"name":"a","prototype":[]}',
    '{"name":"a\\u0000b"}',
    '{"name":"\\ud800"}',
    '{"na\\u0000me":"x"}',
    '{"\\udfff":"x"}',
    '{"":1}',
    '{"0":1}',
    `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
    `{"name":${'['.repeat(40)}${']'.repeat(40)}}`,
    `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
  ])('like %j is 400 everywhere', async (body) => {
    for (const [method, path] of BODIES) expectProblem(await send(method, at(path), body), 400);
  });

  it.each([
    ['scopes', CLIENTS],
    ['grant_types', CLIENTS],
    ['redirect_uris', CLIENTS],
    ['allowed_cidrs', CLIENTS],
    ['scopes', `${CLIENTS}/ID/tokens`],
  ])('full of %s is refused by name, before anybody has waited for it', async (field, path) => {
    const body = {
      name: unique('full'),
      expires_in: 60,
      [field]: Array.from({ length: 100_000 }, (_, i) => `${i}`),
    };
    if (path === CLIENTS) delete (body as { expires_in?: number }).expires_in;
    else delete (body as { name?: string }).name;
    const answer = await send('POST', at(path), JSON.stringify(body));
    expectProblem(answer, 400);
    expect(answer.body.errors).toMatchObject([{ field: expect.stringContaining(field) }]);
  });

  it.each([
    ['name', '{"name":"a\\u0000b"}'],
    ['name', '{"name":"\\udc00"}'],
    ['__proto__', '{"__proto__":{"name":"a"},"name":"b"}'],
    ['scopes[0].__proto__', '{"name":"a","scopes":[{"__proto__":null}]}'],
    ['scopes[1]', '{"name":"x","scopes":["a","\\u0000"]}'],
    ['name', `{"name":${'['.repeat(40)}${']'.repeat(40)}}`],
  ])('names the field %s where it cannot be held', async (field, body) => {
    const answer = await send('POST', CLIENTS, body);
    expectProblem(answer, 400);
    expect(answer.body.errors).toEqual([{ field, message: expect.any(String) }]);
  });

  it('that is not UTF-8 is 400', async () => {
    const bytes = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expectProblem(await send('POST', CLIENTS, bytes), 400);
    expectProblem(await send('POST', CLIENTS, Buffer.from([0xff, 0xfe, 0x7b, 0x00])), 400);
  });

  it('over the limit is 413', async () => {
    for (const [method, path] of BODIES)
      expectProblem(await send(method, at(path), `{"name":"${'x'.repeat(1_100_000)}"}`), 413);
  });

  it.each([
    ['application/x-www-form-urlencoded', 'name=x&description=x'],
    ['application/x-ndjson', '{"name":"x","description":"x"}\n'],
    ['text/csv', 'name\nx\n'],
    ['text/plain', '{"name":"x"}'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/xml', '<name/>'],
    ['application/jsonx', '{"name":"x"}'],
    ['garbage', '{"name":"x"}'],
    ['/', '{"name":"x"}'],
  ])('of the type %s is 415 everywhere, and the server lives on', async (type, body) => {
    for (const [method, path] of BODIES)
      expectProblem(await send(method, at(path), body, { 'content-type': type }), 415);
    expect((await env.admin.get(CLIENTS)).status).toBe(200);
  });

  it('that is packed is 415', async () => {
    expectProblem(await send('POST', CLIENTS, '{"name":"x"}', { 'content-encoding': 'gzip' }), 415);
  });

  it('may be missing where nothing is required, and is named where something is', async () => {
    const answer = await send('POST', CLIENTS);
    expectProblem(answer, 400);
    expect(answer.body.errors[0].field).toBe('name');
    expect((await send('PATCH', `${CLIENTS}/${clientId}`)).status).toBe(200);
  });

  it('has its last value where a key comes twice', async () => {
    const [first, last] = [unique('first'), unique('last')];
    const { status, body } = await send('POST', CLIENTS, `{"name":"${first}","name":"${last}"}`);
    expect([status, body.name]).toEqual([201, last]);
  });
});

describe('any value of any field of a client', () => {
  it('is taken or refused by its name', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(fc.string({ unit: 'binary' })),
      fc.double(),
      fc.bigInt().map(Number),
      fc.constantFrom(
        'https://x',
        'http://[',
        'https://[::1',
        '::/0',
        '0/0',
        '1.2.3.4/',
        '2026-01-01',
        '0000-01-01T00:00:00Z',
        '9999-12-31T23:59:59-23:59',
        '-1',
        '1e9',
        '\u202e',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FIELDS), value, async (field, given) => {
        const answer = await json({ name: unique('fuzz'), [field]: given });
        if (answer.status === 201 || answer.status === 409) return;
        expectProblem(answer, 400);
        const names = answer.body.errors.map((error: any) => error.field) as string[];
        expect([field, names.filter((name) => name.split(/[[.]/)[0] !== field)]).toEqual([field, []]);
      }),
      { numRuns: 80 },
    );
  });

  it('is taken or refused in a change, and what was taken can be read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FIELDS), fc.jsonValue({ maxDepth: 2 }), async (field, given) => {
        const answer = await send('PATCH', `${CLIENTS}/${clientId}`, JSON.stringify({ [field]: given }));
        if (answer.status !== 200 && answer.status !== 409) expectProblem(answer, 400);
        expect((await send('GET', `${CLIENTS}/${clientId}`)).status).toBe(200);
      }),
      { numRuns: 80 },
    );
  });

  it('is refused where the field is none, by its name', async () => {
    const name = fc.string({ minLength: 1, maxLength: 30 }).filter((field) => !FIELDS.includes(field));
    await fc.assert(
      fc.asyncProperty(name, fc.jsonValue({ maxDepth: 1 }), async (field, given) => {
        const body = `{"name":${JSON.stringify(unique('f'))},${JSON.stringify(field)}:${JSON.stringify(given)}}`;
        const answer = await send('POST', CLIENTS, body);
        expectProblem(answer, 400);
      }),
      { numRuns: 80 },
    );
  });
});

describe('any value of any field of a person or a customer', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(fc.string({ unit: 'binary' })),
    fc.constantFrom('owner', 'root', '..', '__proto__', 'a@b.de', 'a@b', '"><b>@x.de', 'x'.repeat(300)),
  );
  const PERSON = ['username', 'password', 'role', 'email', 'active', 'customer_id'];
  /** What is read, and what is kept. */
  const FOREIGN = ['id', 'password_hash', 'passwordHash', 'version', 'created_at', 'last_signed_in_at'];

  it('is taken, or refused by its name, when it is added', async () => {
    const field = fc.oneof(
      fc.constantFrom(...PERSON, ...FOREIGN).map((one) => [OPERATORS, one] as const),
      fc.constantFrom('customer_id', 'name', ...FOREIGN).map((one) => [CUSTOMERS, one] as const),
    );
    await fc.assert(
      fc.asyncProperty(field, value, async ([path, name], given) => {
        const whole =
          path === OPERATORS
            ? { username: unique('fuzz'), password: 'a long enough password', role: 'user' }
            : { customer_id: unique('fuzz'), name: 'Fuzz' };
        const answer = await send('POST', path, JSON.stringify({ ...whole, [name]: given }));
        if (answer.status === 201) {
          expect(FOREIGN).not.toContain(name);
          expect(answer.text).not.toMatch(/a long enough password|\$2b\$/);
        } else if (answer.status === 409 || answer.status === 403) expectProblem(answer);
        else {
          expectProblem(answer, 400);
          const names = answer.body.errors.map((error: any) => error.field) as string[];
          expect([name, names.filter((one) => one.split(/[[.]/)[0] !== name)]).toEqual([name, []]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is taken or refused in a change, which changes neither who it is nor whose', async () => {
    const whoAndWhose = ({ id, username, customer_id }: any) => ({ id, username, customer_id });
    const before = await send('GET', `${OPERATORS}/${person.id}`);
    const customer = await send('GET', `${CUSTOMERS}/10001`);
    const changes = fc.constantFrom(...PERSON.filter((one) => one !== 'active'), ...FOREIGN, 'name');
    await fc.assert(
      fc.asyncProperty(changes, value, async (field, given) => {
        for (const path of [`${OPERATORS}/${person.id}`, `${CUSTOMERS}/10001`]) {
          const answer = await send('PATCH', path, JSON.stringify({ [field]: given }));
          if (answer.status !== 200 && answer.status !== 403) expectProblem(answer, 400);
        }
      }),
      { numRuns: 120 },
    );
    const after = await send('GET', `${OPERATORS}/${person.id}`);
    expect(whoAndWhose(after.body)).toEqual(whoAndWhose(before.body));
    expect((await send('GET', `${CUSTOMERS}/10001`)).body.customer_id).toBe(customer.body.customer_id);
  });
});

describe('a request target', () => {
  const LISTS = [CLIENTS, '/api/v1/tokens', '/api/v1/scopes', '/api/v1/audit-events', OPERATORS, CUSTOMERS];

  it.each([
    '/api/v1/clients/%',
    '/api/v1/clients/%zz',
    '/api/v1/clients/%00',
    '/api/v1/clients/%ff',
    '/api/v1/clients/%ed%a0%80',
    '/api/v1/clients/..%2f..%2fetc',
    "/api/v1/clients/'%20OR%201=1",
    '/api/v1/clients/<script>',
    `/api/v1/clients/${'x'.repeat(129)}`,
    `/api/v1/clients/${'x'.repeat(2000)}`,
    '/api/v1/tokens/1',
    '/api/v1/tokens/019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4',
    '/api/v1/tokens/%00',
    '/api/v1/audit-events/x',
    '/api/v1/operators/1',
    '/api/v1/operators/%00',
    '/api/v1/customers/%zz',
    '/api/v1/customers/%00',
    '/api/v1/customers/%2e%2e',
    `/api/v1/customers/${'x'.repeat(65)}`,
    '/api/v1/scopes/%0d%0a',
    '/nothing/%0d%0ax:%20y',
    'http://evil.example/nothing',
    'http://evil.example/api/v1/clients/%zz',
    '*',
  ])('like %j is a problem', async (path) => {
    for (const method of ['GET', 'DELETE', 'PATCH', 'OPTIONS'])
      expectProblem(await send(method, path, method === 'PATCH' ? '{}' : undefined));
  });

  it('in absolute form is refused in the endpoint’s own form', async () => {
    const token = await send('POST', 'http://evil.example/oauth2/token', '{}');
    expect([token.status, token.body.error]).toEqual([400, 'invalid_request']);
    const encoded = await send('POST', '/%6fauth2/token', '{}');
    expect([encoded.status, encoded.body.error]).toEqual([400, 'invalid_request']);
  });

  it('may have any query, and a parameter that is wrong is named', async () => {
    const name = fc.oneof(
      fc.constantFrom(
        'limit',
        'cursor',
        'sort',
        'count',
        'page',
        'search',
        'client_id',
        'active',
        'scope',
        'from',
        'status',
        'token_id',
        'ip',
      ),
      fc.string({ unit: 'binary', maxLength: 10 }),
    );
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '1',
        '0',
        '-1',
        'true',
        '99999999999',
        '%',
        '%ff',
        '%00',
        'name',
        '-name',
        "'",
        '\\',
        '2026-01-01',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...LISTS),
        fc.array(fc.tuple(name, value), { maxLength: 4 }),
        fc.boolean(),
        async (path, pairs, encode) => {
          const text = encode
            ? new URLSearchParams(pairs).toString()
            : pairs.map((pair) => pair.join('=').replaceAll(/[^\x21-\x7e]/g, '')).join('&');
          const answer = await send('GET', `${path}?${text}`);
          if (answer.status === 200) return;
          expectProblem(answer, 400);
          expect(answer.body.errors.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('with a forged cursor is 400, never more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...LISTS), fc.base64String({ maxLength: 80 }), async (path, text) => {
        for (const cursor of [
          text,
          `${text}.${text}`,
          `${Buffer.from('["a","b"]').toString('base64url')}.${text}`,
        ])
          expectProblem(await send('GET', `${path}?cursor=${encodeURIComponent(cursor)}`), 400);
      }),
      { numRuns: 50 },
    );
  });

  it('or headers that are no HTTP are refused, and the server lives on', async () => {
    const end = 'Host: x\r\nConnection: close\r\n\r\n';
    for (const bytes of [
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${end}`,
      `GET / HTTP/9.9\r\n${end}`,
      'NONSENSE\r\n\r\n',
      `GET /api/v1/clients HTTP/1.1\r\nAuthorization: Bearer a\r\n b\r\n${end}`,
      `POST /oauth2/token HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n${end}`,
      `POST /oauth2/token HTTP/1.1\r\nContent-Length: -1\r\n${end}`,
    ]) {
      const answer = await rawBytes(env.url, bytes);
      expect(answer.split('\r\n', 1)[0]).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer).not.toMatch(/node_modules|\.js:\d/);
    }
    expect((await env.admin.get(CLIENTS)).status).toBe(200);
  });

  it('with two Authorization headers is 400', async () => {
    const answer = await rawRequest(env.url, 'GET', CLIENTS, {
      headers: { authorization: [authorization, 'Bearer x'] },
    });
    expectProblem(answer, 400);
  });
});
