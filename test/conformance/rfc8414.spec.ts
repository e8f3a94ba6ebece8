import { afterAll, beforeAll, expect } from '@jest/globals';
import { requirementsOf } from './requirement.js';
import { Setting } from './setting.js';

const requirement = requirementsOf(8414);
const PATH = '/.well-known/oauth-authorization-server';

let setting: Setting;
beforeAll(async () => {
  setting = await Setting.create();
});
afterAll(() => setting.close());

requirement('2', 'authorization_endpoint, token_endpoint REQUIRED (and each is there)', async () => {
  const metadata = await setting.metadata();
  expect(metadata.authorization_endpoint).toBe(`${setting.env.url}/oauth2/authorize`);
  expect(metadata.token_endpoint).toBe(`${setting.env.url}/oauth2/token`);
  for (const [name, method] of [
    ['authorization_endpoint', 'GET'],
    ['token_endpoint', 'POST'],
    ['introspection_endpoint', 'POST'],
    ['revocation_endpoint', 'POST'],
    ['jwks_uri', 'GET'],
    ['service_documentation', 'GET'],
  ] as const) {
    const { status } = await fetch(metadata[name], { method, redirect: 'manual' });
    expect([`${name} 404`, `${name} 405`]).not.toContain(`${name} ${status}`);
  }
});

requirement('2', 'response_types_supported REQUIRED', async () => {
  expect((await setting.metadata()).response_types_supported).toEqual(['code']);
});

requirement(
  '2',
  '…_auth_signing_alg_values_supported MUST be present if private_key_jwt or client_secret_jwt are specified; the value "none" MUST NOT be used',
  async () => {
    const metadata = await setting.metadata();
    for (const endpoint of ['token', 'introspection', 'revocation']) {
      const methods: string[] = metadata[`${endpoint}_endpoint_auth_methods_supported`];
      const algs: string[] | undefined = metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`];
      expect(algs !== undefined).toBe(methods.some((method) => method.endsWith('_jwt')));
      expect(algs ?? []).not.toContain('none');
    }
  },
);

requirement(
  '3',
  'authorization servers supporting metadata MUST make a JSON document available at a path formed by inserting a well-known URI string into the issuer identifier',
  async () => {
    const { status, body } = await setting.env.anonymous.get(PATH);
    expect([status, body.issuer]).toEqual([200, setting.env.url]);
  },
);

requirement('3.1', 'the metadata document MUST be queried using an HTTP GET request', async () => {
  expect((await setting.env.anonymous.get(PATH)).status).toBe(200);
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const { status, headers } = await setting.env.anonymous.request(method, PATH);
    expect([status, headers.get('allow')]).toEqual([405, expect.stringContaining('GET')]);
  }
});

requirement(
  '3.2',
  'a successful response MUST use the 200 OK HTTP status code and return a JSON object using the "application/json" content type',
  async () => {
    const { status, headers, body } = await setting.env.anonymous.get(PATH);
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json/)]);
    expect(body).toEqual(expect.any(Object));
  },
);

requirement('3.2', 'claims with zero elements MUST be omitted from the response', async () => {
  for (const [name, value] of Object.entries(await setting.metadata())) {
    expect([name, value]).not.toEqual([name, []]);
    expect([name, value]).not.toEqual([name, null]);
  }
});

requirement(
  '3.3',
  'the "issuer" value returned MUST be identical to the issuer identifier into which the well-known URI string was inserted',
  async () => {
    const { issuer } = await setting.metadata();
    expect(issuer).toBe(setting.env.url);
    expect(issuer).not.toMatch(/[?#]|\/$/);
  },
);
