import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { basicAuthorization } from '../support/api-client.js';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { rawRequest, type RawAnswer } from '../support/raw-request.js';

const CALLBACK = 'https://app.example.com/callback';
const MARK = '<script>alert(1)</script>';

let env: TestEnvironment;
let client: RegisteredClient;
let authorization: string;
beforeAll(async () => {
  env = await createTestEnvironment();
  client = await env.registerClient({
    scopes: ['devices:read', 'tokens:introspect'],
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    redirect_uris: [CALLBACK],
  });
  authorization = basicAuthorization(client.clientId, client.clientSecret);
});
afterAll(() => env.close());

/** An answer of some sort, and nothing that the request brought in a place where it would run. */
function expectSober({ status, headers, text }: RawAnswer): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  expect(headers['cache-control']).toBe('no-store');
  expect(text).not.toContain('<script');
  expect(text).not.toMatch(/node_modules|\.js:\d|at .*\(/);
  if (headers['content-type']?.startsWith('text/html')) {
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  }
}

const secretShaped = fc
  .constantFrom('pst_', 'psr_', 'psa_', 'psc_', 'pss_')
  .chain((prefix) =>
    fc
      .string({ unit: fc.constantFrom(...'ABCabc019_-'), minLength: 49, maxLength: 49 })
      .map((body) => prefix + body),
  );
const jwtShaped = fc
  .tuple(
    fc.base64String({ maxLength: 60 }),
    fc.base64String({ maxLength: 60 }),
    fc.base64String({ maxLength: 60 }),
  )
  .map((parts) => parts.join('.').replaceAll('=', ''));
const anyValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    '%',
    '%00',
    '%ff',
    '%ed%a0%80',
    MARK,
    `"><img src=x onerror=${MARK}`,
    '__proto__',
    '\r\nx: y',
  ),
  fc.constantFrom('code', 'token', 'query', 'fragment', 'S256', 'plain', 'none', 'login consent', CALLBACK),
  fc.constantFrom(
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'devices:read',
    'x'.repeat(1500),
  ),
  secretShaped,
  jwtShaped,
);
const AUTHORIZE = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'response_mode',
  'request',
  'request_uri',
  'access_token',
];
const TOKEN = ['grant_type', 'code', 'redirect_uri', 'code_verifier', 'refresh_token', 'scope', 'customer'];
const ASK = ['token', 'token_type_hint', 'access_token', 'client_id'];

const pairs = (names: string[]) =>
  fc.array(fc.tuple(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, anyValue), anyValue), {
    maxLength: 8,
  });
/** Encoded as it should be, or as it came. */
const encoded = (list: [string, string][], properly: boolean) =>
  properly
    ? new URLSearchParams(list).toString()
    : list
        .map(([name, value]) => `${name}=${value}`)
        .join('&')
        .replaceAll(/[^\x21-\x7e]|#/g, (character) => encodeURIComponent(character.toWellFormed()));

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  rawRequest(env.url, 'POST', path, {
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });

/** A redirect goes to the registered URI alone, whatever was asked. */
function expectRedirectWithin({ status, headers }: RawAnswer): void {
  if (status !== 303) return;
  const location = headers.location!;
  expect(location.startsWith(`${CALLBACK}?`) || location.startsWith('/oauth2/consent?')).toBe(true);
  expect(location).toMatch(/^[\x21-\x7e]+$/);
}

describe('the authorization endpoint', () => {
  it('answers any query soberly, and redirects nowhere but to the client', async () => {
    await fc.assert(
      fc.asyncProperty(pairs(AUTHORIZE), fc.boolean(), fc.boolean(), async (list, properly, ofClient) => {
        const known: [string, string][] = ofClient
          ? [
              ['client_id', client.clientId],
              ['redirect_uri', CALLBACK],
            ]
          : [];
        const query = encoded([...known, ...list], properly);
        const byGet = await rawRequest(env.url, 'GET', `/oauth2/authorize?${query}`);
        expectSober(byGet);
        expectRedirectWithin(byGet);
        const byPost = await post('/oauth2/authorize', query);
        expectSober(byPost);
        expectRedirectWithin(byPost);
      }),
      { numRuns: 100 },
    );
  });
});

describe.each(['/oauth2/consent', '/oauth2/sign-in', '/oauth2/sign-out', '/oauth2/consents'])(
  '%s',
  (path) => {
    it('answers anything soberly', async () => {
      const names = ['request', 'csrf', 'decision', 'username', 'password', 'client_id'];
      await fc.assert(
        fc.asyncProperty(pairs(names), fc.boolean(), async (list, properly) => {
          const text = encoded(list, properly);
          expectSober(await post(path, text));
          if (path !== '/oauth2/sign-out') expectSober(await rawRequest(env.url, 'GET', `${path}?${text}`));
        }),
        { numRuns: 100 },
      );
    });
  },
);

describe.each([
  ['the token endpoint', '/oauth2/token', TOKEN],
  ['the introspection endpoint', '/oauth2/introspect', ASK],
  ['the revocation endpoint', '/oauth2/revoke', ASK],
])('%s', (_, path, names) => {
  it('answers a client’s malformed requests in OAuth’s terms', async () => {
    await fc.assert(
      fc.asyncProperty(pairs(names), fc.boolean(), async (list, properly) => {
        const answer = await post(path, encoded(list, properly), { authorization });
        expectSober(answer);
        if (answer.status >= 400) expect(answer.body.error).toMatch(/^[a-z_]+$/);
        else if (path === '/oauth2/introspect') expect(answer.body).toEqual({ active: false });
        else if (path === '/oauth2/revoke') expect(answer.text).toBe('');
      }),
      { numRuns: 80 },
    );
  });

  it('tells strangers nothing', async () => {
    await fc.assert(
      fc.asyncProperty(pairs(names), fc.boolean(), async (list, properly) => {
        const answer = await post(path, encoded(list, properly));
        expectSober(answer);
        expect(answer.status).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 100 },
    );
  });
});
