import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allowInsecureRequests, discoveryRequest, processDiscoveryResponse } from 'oauth4webapi';
import { ApiClient } from '../support/api-client.js';
import { postByKey, Prover, registerKeyClient } from '../support/client-keys.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';

const PATH = '/.well-known/oauth-authorization-server';
const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'introspection_endpoint',
  'revocation_endpoint',
  'pushed_authorization_request_endpoint',
];
const SIGNATURE_ALGS = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];

let env: TestEnvironment;
let metadata: any;
beforeAll(async () => {
  env = await createTestEnvironment();
  metadata = (await env.anonymous.get(PATH)).body;
});
afterAll(() => env.close());

const pathOf = (endpoint: string) => metadata[endpoint].slice(metadata.issuer.length);
const form = (parameters: Record<string, string>) => ({ body: new URLSearchParams(parameters) });

async function register(fields: Record<string, unknown>): Promise<{ id: string; secret: string }> {
  const { body } = await env.admin.post('/api/v1/clients', { body: { name: unique('client'), ...fields } });
  return { id: body.client_id, secret: body.client_secret };
}

describe('the authorization server metadata (RFC 8414)', () => {
  it('is public, and may be kept for a while', async () => {
    const { status, headers } = await env.anonymous.get(PATH);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    const again = await env.anonymous.get(PATH, { headers: { 'if-none-match': headers.get('etag')! } });
    expect(again.status).toBe(304);
  });

  it('names what there is, and nothing that is not', () => {
    expect(metadata).toEqual({
      issuer: env.url,
      authorization_endpoint: `${env.url}/oauth2/authorize`,
      token_endpoint: `${env.url}/oauth2/token`,
      pushed_authorization_request_endpoint: `${env.url}/oauth2/par`,
      require_pushed_authorization_requests: false,
      jwks_uri: `${env.url}/oauth2/jwks`,
      introspection_endpoint: `${env.url}/oauth2/introspect`,
      revocation_endpoint: `${env.url}/oauth2/revoke`,
      scopes_supported: expect.arrayContaining(['devices:read', 'clients:write']),
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: expect.arrayContaining(['client_credentials']),
      token_endpoint_auth_methods_supported: [
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
        'none',
      ],
      token_endpoint_auth_signing_alg_values_supported: SIGNATURE_ALGS,
      introspection_endpoint_auth_methods_supported: [
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
        'Bearer',
        'DPoP',
      ],
      introspection_endpoint_auth_signing_alg_values_supported: SIGNATURE_ALGS,
      introspection_signing_alg_values_supported: ['ES256'],
      revocation_endpoint_auth_methods_supported: [
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
        'none',
      ],
      revocation_endpoint_auth_signing_alg_values_supported: SIGNATURE_ALGS,
      dpop_signing_alg_values_supported: SIGNATURE_ALGS,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      service_documentation: `${env.url}/docs`,
    });
  });

  it('is what a client library takes', async () => {
    const issuer = new URL(env.url);
    const options = { algorithm: 'oauth2', [allowInsecureRequests]: true } as const;
    const server = await processDiscoveryResponse(issuer, await discoveryRequest(issuer, options));
    expect(server.token_endpoint).toBe(`${env.url}/oauth2/token`);
  });

  it.each(['jwks_uri', 'service_documentation'])('leads to its %s', async (field) => {
    expect((await env.anonymous.get(pathOf(field))).status).toBe(200);
  });

  it.each(ENDPOINTS)('leads to its %s', async (endpoint) => {
    const { status } = await env.admin.request(
      endpoint === 'authorization_endpoint' ? 'GET' : 'POST',
      pathOf(endpoint),
      endpoint === 'authorization_endpoint' ? {} : form({}),
    );
    expect(status).toBe(400);
  });

  it('lists every grant that there is', async () => {
    const grants = ['client_credentials', 'authorization_code', 'refresh_token', 'password', 'implicit'];
    const supported: string[] = [];
    for (const grant_type of grants) {
      const { body } = await env.admin.post('/oauth2/token', form({ grant_type }));
      if (body.error !== 'unsupported_grant_type') supported.push(grant_type);
    }
    expect(new Set(metadata.grant_types_supported)).toEqual(new Set(supported));
  });

  it('lists the scopes that are there from the start', async () => {
    const { body } = await env.admin.get('/api/v1/scopes?limit=1000');
    expect(new Set(metadata.scopes_supported)).toEqual(new Set(body.items.map(({ name }: any) => name)));
  });

  it('lists how a client may be registered to authenticate', async () => {
    const { body } = await env.anonymous.get('/openapi.json');
    const { token_endpoint_auth_method } = body.components.schemas.CreateClientDto.properties;
    expect(metadata.token_endpoint_auth_methods_supported).toEqual(token_endpoint_auth_method.enum);
  });
});

describe('each way of authenticating that is listed', () => {
  const FIELDS = { scopes: ['devices:read', 'tokens:introspect'] };
  const PUBLIC = {
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    redirect_uris: ['https://app.example.com/callback'],
  };

  /** Sends a form as a client that authenticates in one way. */
  async function send(method: string, path: string, parameters: Record<string, string>) {
    if (method === 'none') {
      const { id } = await register(PUBLIC);
      return env.anonymous.post(path, form({ client_id: id, ...parameters }));
    }
    if (method === 'private_key_jwt')
      return postByKey(env, await registerKeyClient(env, FIELDS), path, parameters);
    const { id, secret } = await register(FIELDS);
    if (method === 'DPoP') {
      const prover = await Prover.create(env);
      const given = await prover.call('POST', '/oauth2/token', undefined, (headers) =>
        ApiClient.basic(env.url, id, secret).post('/oauth2/token', {
          ...form({ grant_type: 'client_credentials' }),
          headers,
        }),
      );
      return prover.call('POST', path, given.body.access_token, (headers) =>
        env.anonymous.post(path, { ...form(parameters), headers }),
      );
    }
    if (method === 'client_secret_post')
      return env.anonymous.post(path, form({ client_id: id, client_secret: secret, ...parameters }));
    if (method === 'client_secret_basic')
      return ApiClient.basic(env.url, id, secret).post(path, form(parameters));
    if (method === 'Bearer')
      return ApiClient.bearer(env.url, await env.token(id, secret)).post(path, form(parameters));
    throw new Error(`This test does not know ${method}.`);
  }

  it('is one at the token endpoint', async () => {
    for (const method of metadata.token_endpoint_auth_methods_supported) {
      const parameters: Record<string, string> =
        method === 'none'
          ? { grant_type: 'authorization_code', code: 'x', code_verifier: 'x'.repeat(43) }
          : { grant_type: 'client_credentials' };
      const { status, body } = await send(method, '/oauth2/token', parameters);
      expect([method, status, body.error]).toEqual(
        method === 'none' ? [method, 400, 'invalid_grant'] : [method, 200, undefined],
      );
    }
  });

  it('is one at the introspection endpoint', async () => {
    for (const method of metadata.introspection_endpoint_auth_methods_supported) {
      const { status, body } = await send(method, '/oauth2/introspect', { token: 'x' });
      expect([method, status, body]).toEqual([method, 200, { active: false }]);
    }
  });

  it('is one at the revocation endpoint', async () => {
    for (const method of metadata.revocation_endpoint_auth_methods_supported) {
      const { status } = await send(method, '/oauth2/revoke', { token: 'x' });
      expect([method, status]).toEqual([method, 200]);
    }
  });
});
