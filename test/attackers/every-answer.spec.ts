import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { signedIn } from '../support/browser.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { rawRequest } from '../support/raw-request.js';

let env: TestEnvironment;
beforeAll(async () => {
  // As slow as they are outside: the queue is to be full.
  env = await createTestEnvironment({ slowHashCost: 10 });
});
afterAll(() => env.close());

const POLICY = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"];

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'content-type': 'application/json' };

/** Every kind of answer: what is asked, and what is answered. */
const ANSWERS: [string, string, number, Record<string, string>?, string?][] = [
  ['GET', '/healthz', 200],
  ['GET', '/readyz', 200],
  ['GET', '/metrics', 401],
  ['GET', '/.well-known/oauth-authorization-server', 200],
  ['GET', '/oauth2/jwks', 200],
  ['GET', '/openapi.json', 200],
  ['GET', '/openapi.yaml', 200],
  ['GET', '/docs', 200],
  ['GET', '/docs/swagger-ui-bundle.js', 200],
  ['GET', '/console', 301],
  ['GET', '/oauth2/sign-in', 200],
  ['GET', '/oauth2/consents', 303],
  ['GET', '/oauth2/authorize', 400],
  ['GET', '/api/v1/clients', 401],
  ['GET', '/pam/v1/users', 401],
  ['HEAD', '/pam/v1/users', 401],
  ['GET', '/pam/v1/users?access_token=x', 400],
  ['POST', '/pam/v1/users', 405],
  ['TRACE', '/pam/v1/users', 405],
  ['OPTIONS', '/pam/v1/users', 405],
  ['DELETE', '/oauth2/token', 405],
  ['GET', '/nothing-is-here', 404],
  ['GET', '/console/assets/nothing.js', 404],
  ['GET', '/%ff', 400],
  ['GET', `/api/v1/clients/${'a'.repeat(1000)}`, 414],
  ['POST', '/oauth2/token', 401, FORM, 'grant_type=client_credentials'],
  ['POST', '/oauth2/token', 400, JSON_BODY, '{'],
  ['POST', '/oauth2/introspect', 401, FORM, 'token=x'],
  ['POST', '/oauth2/revoke', 401, FORM, 'token=x'],
  ['POST', '/api/v1/clients', 400, JSON_BODY, '{'],
  ['POST', '/api/v1/clients', 415, { 'content-type': 'application/xml' }, '<a/>'],
  ['POST', '/api/v1/clients', 413, JSON_BODY, `"${'a'.repeat(1024 * 1024)}"`],
  ['GET', '/api/v1/configuration/api-clients', 401],
  ['POST', '/pam/apps/autheticate/oauth/token-generation/', 400, JSON_BODY, '{}'],
  ['GET', '/osoc/api/oauthcontroller/authorize', 400],
];

function expectSecure(headers: Record<string, unknown>): void {
  const policy = String(headers['content-security-policy'])
    .split(';')
    .map((directive) => directive.trim());
  for (const directive of POLICY) expect(policy).toContain(directive);
  expect(policy.join()).toMatch(/form-action '(self|none)'/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': expect.stringMatching(/max-age=\d{8}/),
    'x-request-id': expect.any(String),
  });
  for (const telltale of ['server', 'x-powered-by']) expect(headers).not.toHaveProperty(telltale);
}

it.each(ANSWERS)('%s %s: %i', async (method, path, status, headers = {}, body = undefined) => {
  const answer = await rawRequest(env.url, method, path, { headers, body });
  expectSecure(answer.headers);
  // The console is there once it has been built.
  expect(path.startsWith('/console') ? [200, 301, 302, 404, 503] : [status]).toContain(answer.status);
  if (answer.status >= 400) expect(answer.text).not.toMatch(/node_modules|at .*\.js|FST_|postgres/i);
});

it('with a body, without one because nothing changed, streamed, made, and redirected', async () => {
  const { body: client, headers: made } = await env.admin.post('/api/v1/clients', {
    body: { name: unique('c') },
  });
  const path = `/api/v1/clients/${client.client_id}`;
  const unchanged = await env.admin.get(path, { headers: { 'if-none-match': made.get('etag')! } });
  expect(unchanged.status).toBe(304);
  const rows = await env.admin.get('/api/v1/audit-events', { headers: { accept: 'application/x-ndjson' } });
  const gone = await env.admin.delete(path);
  const browser = await signedIn(env);
  const page = await browser.get('/oauth2/consents');
  for (const { headers } of [{ headers: made }, unchanged, rows, gone, page])
    expectSecure(Object.fromEntries(headers));
  expect(page.headers.get('cache-control')).toBe('no-store');
});

it('whoever guesses many chosen secrets at once waits in a queue that has an end, and keeps nobody from being served', async () => {
  const supplied = 'a secret that somebody chose';
  await env.registerClient({ client_secret: supplied });
  const { clientId, clientSecret } = await env.registerClient();
  let answered = 0;
  const guesses = Array.from({ length: 100 }, async (_, n) => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: `nobody-${n}`,
      client_secret: `a guess that is no generated secret ${n}`,
    });
    const { status, headers } = await env.anonymous.post('/oauth2/token', { body });
    answered += 1;
    return [status, status === 503 ? headers.get('retry-after') : null];
  });
  expect(await env.token(clientId, clientSecret)).toMatch(/^pst_/);
  expect((await env.anonymous.get('/healthz')).status).toBe(200);
  // They were served beside the guesses, and not after them.
  expect(answered).toBeLessThan(guesses.length);
  const kinds = new Set((await Promise.all(guesses)).map(String));
  expect(kinds).toEqual(new Set(['401,', '503,1']));
});
