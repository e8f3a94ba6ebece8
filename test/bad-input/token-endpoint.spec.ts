import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { basicAuthorization } from '../support/api-client.js';
import { countOf } from '../support/audit-events.js';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { rawRequest, type RawAnswer } from '../support/raw-request.js';

const FORM = 'application/x-www-form-urlencoded';

let env: TestEnvironment;
let client: RegisteredClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  client = await env.registerClient({ scopes: ['devices:read'] });
});
afterAll(() => env.close());

/** RFC 6749 §5.2, whatever was sent; never a 5xx. */
function expectRefusal({ status, headers, body, text }: RawAnswer): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(headers['cache-control']).toBe('no-store');
  expect(headers.pragma).toBe('no-cache');
  expect(Object.keys(body).sort()).toEqual(['error', 'error_description']);
  expect(body.error).toMatch(/^[a-z_]+$/);
  expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(text).not.toMatch(/node_modules|\.js:\d|at .*\(/);
}

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  rawRequest(env.url, 'POST', '/oauth2/token', { body, headers: { 'content-type': FORM, ...headers } });

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'client_credentials',
    '',
    '%',
    '%zz',
    '%00',
    '%ff',
    '%ed%a0%80',
    '+',
    '&',
    '=',
    '__proto__',
    '\r\nx: y',
  ),
);
const anyName = fc.oneof(
  fc.constantFrom(
    'grant_type',
    'scope',
    'client_id',
    'client_secret',
    'customer',
    'access_token',
    'grant_type[]',
    '__proto__',
  ),
  anyText,
);

describe('the token endpoint', () => {
  it('refuses any form without good credentials, encoded or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyName, anyText), { maxLength: 8 }),
        fc.boolean(),
        async (pairs, encode) => {
          const text = encode
            ? new URLSearchParams(pairs).toString()
            : pairs.map(([name, value]) => `${name}=${value}`).join('&');
          expectRefusal(await post(text));
        },
      ),
      { numRuns: 120 },
    );
  });

  it('refuses any bytes, as any type', async () => {
    const type = fc.constantFrom(
      FORM,
      'application/json',
      'text/plain',
      'multipart/form-data',
      'text/csv',
      '/',
      ';',
      'a/b; c',
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), type, async (bytes, contentType) => {
        expectRefusal(await post(Buffer.from(bytes), { 'content-type': contentType }));
      }),
      { numRuns: 100 },
    );
  });

  it('refuses any Authorization header that is not a client’s, and each that failed is on record', async () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 60 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '')),
      fc
        .tuple(fc.string({ unit: 'binary', maxLength: 140 }), fc.string({ unit: 'binary' }))
        .map(([id, secret]) => basicAuthorization(id, secret)),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => `Basic ${Buffer.from(bytes).toString('base64')}`),
      fc.base64String().map((text) => `basic  ${text}`),
    );
    const before = await countOf(env, 'client_authentication.failed');
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(header, async (authorization) => {
        const answer = await post('grant_type=client_credentials', { authorization });
        expectRefusal(answer);
        expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
        expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
        failed += 1;
      }),
      { numRuns: 80 },
    );
    expect(await countOf(env, 'client_authentication.failed')).toBe(before + failed);
  });

  it('gives a client no scope but its own, whatever it asks for', async () => {
    const authorization = basicAuthorization(client.clientId, client.clientSecret);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (scope) => {
        const answer = await post(
          new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
          { authorization },
        );
        if (answer.status === 200) expect(answer.body.scope).toBe('devices:read');
        else expectRefusal(answer);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a body that is too large', async () => {
    const answer = await post(`grant_type=${'x'.repeat(1_100_000)}`);
    expectRefusal(answer);
    expect(answer.status).toBe(413);
  });
});
