import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const PATH = '/oauth/api/v2/token/introspect';
const BASE = 'https://gateway.example.com/api';

let env: TestEnvironment;
let gateway: ApiClient;
let token: string;
beforeAll(async () => {
  env = await createTestEnvironment();
  const { clientId, clientSecret } = await env.registerClient({
    scopes: ['onegini_api_token_introspection'],
    public_base_uri: BASE,
  });
  gateway = ApiClient.basic(env.url, clientId, clientSecret);
  const { clientId: id, clientSecret: secret } = await env.registerClient();
  token = await env.token(id, secret);
});
afterAll(() => env.close());

const ask = (api: ApiClient, headers: Record<string, string> = {}, path = PATH) =>
  api.post(path, { body: new URLSearchParams({ token }), headers });

describe('the token introspection API', () => {
  it('answers as the introspection endpoint does', async () => {
    const here = await ask(gateway);
    const there = await ask(gateway, {}, '/oauth2/introspect');
    expect(here.status).toBe(200);
    expect(here.body).toEqual(there.body);
    expect(here.body.active).toBe(true);
    expect(here.headers.get('cache-control')).toBe('no-store');
  });

  it('must come from under public_base_uri, where they say where they come from', async () => {
    expect((await ask(gateway, { referer: `${BASE}/tokens` })).status).toBe(200);
    expect((await ask(gateway, { origin: 'https://gateway.example.com' })).status).toBe(200);
    for (const headers of [
      { origin: 'https://evil.example.com' },
      { referer: 'https://gateway.example.com.evil.example/api' },
      { referer: 'https://gateway.example.com/other' },
    ]) {
      const { status, body } = await ask(gateway, headers as unknown as Record<string, string>);
      expect([status, body.error]).toEqual([403, 'access_denied']);
    }
  });

  it('refuses a client without the scope, and wrong credentials, in OAuth’s form', async () => {
    const { clientId, clientSecret } = await env.registerClient();
    const without = await ask(ApiClient.basic(env.url, clientId, clientSecret));
    expect([without.status, without.body.error]).toEqual([403, 'insufficient_scope']);
    const wrong = await ask(ApiClient.basic(env.url, clientId, 'not the secret of it'));
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client']);
    const nothing = await gateway.post(PATH, { body: new URLSearchParams() });
    expect([nothing.status, nothing.body.error]).toEqual([400, 'invalid_request']);
  });
});
