import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { rawRequest } from '../support/raw-request.js';

const CONSOLE = 'https://console.example.com';
const PATHS = ['/pam/v1/devices', '/api/v1/clients/x', '/oauth2/token'];

describe('a browser on an origin of POSTERN_CORS_ORIGINS', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ variables: { POSTERN_CORS_ORIGINS: CONSOLE } });
  });
  afterAll(() => env.close());

  const preflight = (path: string, method: string, origin: string) =>
    rawRequest(env.url, 'OPTIONS', path, {
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,if-match',
      },
    });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('may call by %s', async (method) => {
    const { status, headers } = await preflight('/api/v1/clients/x', method, CONSOLE);
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(CONSOLE);
    expect(headers['access-control-allow-methods']).toContain(method);
    expect(headers['access-control-allow-headers']).toContain('if-match');
  });

  it('reads the answer, errors too, with what is in its headers', async () => {
    const { status, headers } = await rawRequest(env.url, 'GET', '/pam/v1/devices', {
      headers: { origin: CONSOLE },
    });
    expect(status).toBe(401);
    expect(headers['access-control-allow-origin']).toBe(CONSOLE);
    expect(headers['access-control-expose-headers']).toContain('www-authenticate');
    expect(headers.vary).toContain('Origin');
  });

  it('fetches tokens and sends them along, as a public client does', async () => {
    const asked = await rawRequest(env.url, 'OPTIONS', '/oauth2/token', {
      headers: {
        origin: CONSOLE,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,authorization',
      },
    });
    expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([204, CONSOLE]);
    for (const header of ['content-type', 'authorization'])
      expect(asked.headers['access-control-allow-headers']).toContain(header);
    const refused = await rawRequest(env.url, 'POST', '/oauth2/token', {
      headers: { origin: CONSOLE, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=authorization_code&client_id=nobody&code=x',
    });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, CONSOLE]);
  });

  it.each(['/oauth2/authorize', '/osoc/api/oauthcontroller/authorize'])(
    'may call nothing by a script that a person opens himself: %s (RFC 9700 §2.6)',
    async (path) => {
      const asked = await preflight(path, 'GET', CONSOLE);
      const called = await rawRequest(env.url, 'GET', path, { headers: { origin: CONSOLE } });
      for (const { headers } of [asked, called])
        expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it('is the only one: another is allowed nothing', async () => {
    const asked = await preflight('/api/v1/clients/x', 'PATCH', 'https://evil.example.com');
    const called = await rawRequest(env.url, 'GET', '/healthz', {
      headers: { origin: 'https://evil.example.com' },
    });
    for (const { headers } of [asked, called]) expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(PATHS)('leaves OPTIONS of %s a verb like any other: 405', async (path) => {
    const { status, headers } = await rawRequest(env.url, 'OPTIONS', path);
    expect(status).toBe(405);
    expect(headers.allow).not.toContain('OPTIONS');
  });
});

const OPEN = ['/.well-known/oauth-authorization-server', '/oauth2/jwks'];

describe.each<Record<string, string>>([{}, { POSTERN_CORS_ORIGINS: CONSOLE }])(
  'with %j, a browser on any origin',
  (variables) => {
    let env: TestEnvironment;
    beforeAll(async () => {
      env = await createTestEnvironment({ variables });
    });
    afterAll(() => env.close());

    it.each(OPEN.flatMap((path) => [path, `${path}?x=1`]))('reads %s', async (path) => {
      for (const origin of [CONSOLE, 'https://anybody.example.net', 'null']) {
        const { status, headers } = await rawRequest(env.url, 'GET', path, { headers: { origin } });
        expect([status, headers['access-control-allow-origin']]).toEqual([200, '*']);
        expect(headers['access-control-allow-credentials']).toBeUndefined();
      }
    });

    it('reads nothing else', async () => {
      for (const path of ['/oauth2/token', '/oauth2/jwks/x', '/openapi.json', '/oauth2/sign-in', '/docs']) {
        const { headers } = await rawRequest(env.url, 'GET', path, {
          headers: { origin: 'https://anybody.example.net' },
        });
        expect([path, headers['access-control-allow-origin']]).toEqual([path, undefined]);
      }
    });
  },
);

describe('without POSTERN_CORS_ORIGINS', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment();
  });
  afterAll(() => env.close());

  it('no origin is allowed anything', async () => {
    const { status, headers } = await rawRequest(env.url, 'OPTIONS', '/api/v1/clients', {
      headers: { origin: CONSOLE, 'access-control-request-method': 'GET' },
    });
    expect(status).toBe(405);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});
