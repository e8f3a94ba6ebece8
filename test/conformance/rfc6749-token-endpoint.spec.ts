import { afterAll, beforeAll, expect } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { unique } from '../support/create-test-environment.js';
import { requirementsOf } from './requirement.js';
import { expectError, Setting, WRONG_SECRET, type Client } from './setting.js';

const requirement = requirementsOf(6749);
const GRANT = { grant_type: 'client_credentials' };
const WITHOUT_PKCE = { code_challenge: '', code_challenge_method: '' };
const CHARACTERS = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
  await setting.code(client);
});
afterAll(() => setting.close());

const raw = (body: string) =>
  ApiClient.basic(setting.env.url, client.clientId, client.clientSecret).post('/oauth2/token', {
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

/** One answer for each of the ways in which the token endpoint refuses. */
const refusals = async (): Promise<ApiResponse[]> => [
  await setting.tokenRequest(client, {}),
  await setting.tokenRequest(client, { grant_type: 'ü"\\' }),
  await setting.tokenRequest(client, { ...GRANT, scope: 'ü"\\' }),
  await setting.tokenRequest(client, { ...GRANT, scope: 'clients:write' }),
  await setting.tokenRequest({ ...client, clientSecret: WRONG_SECRET }, GRANT),
  await setting.tokenRequest({ clientId: client.clientId }, GRANT),
  await setting.redeem(client, { code: 'ü"\\', redirectUri: 'ü"\\' }),
  await setting.refresh(client, 'ü"\\'),
  await raw('grant_type=client_credentials&%C3%BC%22%5C=1&%C3%BC%22%5C=1'),
  await raw('%C3%BC%22%5C=%zz'),
];

requirement('3.2', 'the endpoint URI MUST NOT include a fragment component', async () => {
  expect((await setting.metadata()).token_endpoint).toBe(`${setting.env.url}/oauth2/token`);
});

requirement('3.2', 'the client MUST use the HTTP POST method when making access token requests', async () => {
  const { env } = setting;
  const query = new URLSearchParams({
    ...GRANT,
    client_id: client.clientId,
    client_secret: client.clientSecret,
  });
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
    const { status, headers } = await env.anonymous.request(method, `/oauth2/token?${query}`);
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  }
  expect((await setting.tokenRequest(client, GRANT)).status).toBe(200);
});

requirement('3.2', 'parameters sent without a value MUST be treated as if they were omitted', async () => {
  const answer = await setting.tokenRequest(client, { ...GRANT, scope: '' });
  expect(answer.status).toBe(200);
  expect(answer.body.scope).toBe((await setting.tokenRequest(client, GRANT)).body.scope);
  expectError(await setting.tokenRequest(client, { grant_type: '' }), 400, 'invalid_request');
  const { refresh_token: refreshToken } = await setting.tokens(client);
  expect((await setting.refresh(client, refreshToken, { scope: '' })).status).toBe(200);
  const lenient = await setting.registerConfidential({ require_pkce: false });
  const code = await setting.code(lenient, { redirect_uri: '', ...WITHOUT_PKCE });
  const empty = { redirect_uri: '', code_verifier: '', token_type_hint: '' };
  expect((await setting.redeem(lenient, code, empty)).status).toBe(200);
});

requirement('3.2', 'the authorization server MUST ignore unrecognized request parameters', async () => {
  expect((await setting.tokenRequest(client, { ...GRANT, unrecognized: '1' })).status).toBe(200);
  const code = await setting.code(client);
  expect((await setting.redeem(client, code, { unrecognized: '1' })).status).toBe(200);
});

requirement('3.2', 'request parameters MUST NOT be included more than once', async () => {
  const { code, redirectUri } = await setting.code(client);
  const request = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  }).toString();
  for (const again of ['grant_type=authorization_code', `code=${code}`, 'u=1&u=1', `%63ode=${code}`])
    expectError(await raw(`${request}&${again}`), 400, 'invalid_request');
  expect((await raw(request)).status).toBe(200);
});

requirement('3.2', 'response parameters MUST NOT be included more than once', async () => {
  const { text, body } = await setting.tokenRequest(client, GRANT);
  for (const name of Object.keys(body)) expect(text.split(`"${name}":`)).toHaveLength(2);
});

requirement(
  '3.2.1',
  'confidential clients MUST authenticate with the authorization server when making requests to the token endpoint',
  async () => {
    const code = await setting.code(client);
    const { refresh_token: refreshToken } = await setting.tokens(client);
    for (const secret of [undefined, WRONG_SECRET]) {
      const impostor = { clientId: client.clientId, clientSecret: secret };
      expectError(await setting.tokenRequest(impostor, GRANT), 401, 'invalid_client');
      expectError(await setting.redeem(impostor, code), 401, 'invalid_client');
      expectError(await setting.refresh(impostor, refreshToken), 401, 'invalid_client');
    }
    expect((await setting.redeem(client, code)).status).toBe(200);
    expect((await setting.refresh(client, refreshToken)).status).toBe(200);
  },
);

requirement(
  '3.2.1',
  'in the authorization_code request, an unauthenticated client MUST send its "client_id"',
  async () => {
    const code = await setting.code(setting.native);
    expectError(await setting.redeem(setting.native, code, { client_id: undefined }), 401, 'invalid_client');
    const other = await setting.registerPublic();
    expectError(await setting.redeem(other, code), 400, 'invalid_grant');
    expect((await setting.redeem(setting.native, code)).status).toBe(200);
  },
);

requirement(
  '3.3',
  'if the issued access token scope is different from the one requested, the authorization server MUST include the "scope" response parameter',
  async () => {
    const both = await setting.registerConfidential({ scopes: ['users:read', 'clients:write'] });
    // The person's role allows the one alone.
    const { scope, access_token: token } = await setting.tokens(both, { scope: 'users:read clients:write' });
    expect(scope).toBe('users:read');
    expect((await setting.introspect({ token })).body.scope).toBe('users:read');
  },
);

requirement(
  '3.3',
  'if the client omits the scope parameter, the authorization server MUST either process the request using a pre-defined default value or fail (all of the client’s scopes)',
  async () => {
    const { body } = await setting.tokenRequest(client, GRANT);
    expect(body.scope.split(' ').sort()).toEqual(['devices:read', 'sessions:read', 'users:read']);
    const { scope } = await setting.tokens(client, { scope: undefined });
    expect(scope.split(' ').sort()).toEqual(['devices:read', 'sessions:read', 'users:read']);
    const none = await setting.registerConfidential({ scopes: [] });
    expectError(await setting.tokenRequest(none, GRANT), 400, 'invalid_scope');
  },
);

requirement('5.1', 'access_token REQUIRED', async () => {
  for (const { body } of [
    await setting.tokenRequest(client, GRANT),
    await setting.redeem(client, await setting.code(client)),
  ])
    expect(await setting.use(body.access_token)).toBe(200);
});

requirement('5.1', 'token_type REQUIRED', async () => {
  const { body, headers } = await setting.tokenRequest(client, GRANT);
  expect(body.token_type).toBe('Bearer');
  expect(headers.get('content-type')).toMatch(/^application\/json/);
});

requirement('5.1', 'scope REQUIRED if it is not identical to the scope requested by the client', async () => {
  const { body } = await setting.tokenRequest(client, { ...GRANT, scope: 'devices:read devices:read' });
  expect(body.scope).toBe('devices:read');
});

requirement(
  '5.1',
  'the authorization server MUST include Cache-Control: no-store and Pragma: no-cache in any response containing tokens, credentials, or other sensitive information',
  async () => {
    const tokens = await setting.redeem(client, await setting.code(client));
    const registered = await setting.env.admin.post('/api/v1/clients', { body: { name: unique('c') } });
    expect(registered.body.client_secret).toEqual(expect.any(String));
    for (const { headers } of [
      tokens,
      await setting.tokenRequest(client, GRANT),
      await setting.refresh(client, tokens.body.refresh_token),
      await setting.introspect({ token: tokens.body.access_token }),
      await setting.ask(client),
      ...(await refusals()),
    ])
      expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache']);
    expect(registered.headers.get('cache-control')).toBe('no-store');
  },
);

requirement('5.2', 'error REQUIRED', async () => {
  expect((await refusals()).map(({ body }) => body.error)).toEqual([
    'invalid_request',
    'unsupported_grant_type',
    'invalid_scope',
    'invalid_scope',
    'invalid_client',
    'invalid_client',
    'invalid_grant',
    'invalid_grant',
    'invalid_request',
    'invalid_request',
  ]);
});

requirement(
  '5.2',
  'if the client attempted to authenticate via the "Authorization" header, the authorization server MUST respond with 401 and include "WWW-Authenticate" matching the authentication scheme used',
  async () => {
    const wrong = { ...client, clientSecret: WRONG_SECRET };
    for (const { status, headers } of [
      await setting.tokenRequest(wrong, GRANT),
      await setting.tokenRequest({ clientId: 'nobody-has-this-id', clientSecret: WRONG_SECRET }, GRANT),
      await setting.revoke(wrong, { token: 'any' }),
    ])
      expect([status, headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringMatching(/^Basic realm=/),
      ]);
  },
);

requirement(
  '5.2',
  'values for the "error" parameter MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E',
  async () => {
    for (const { body } of await refusals()) expect(body.error).toMatch(CHARACTERS);
  },
);

requirement(
  '5.2',
  'values for the "error_description" parameter MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E',
  async () => {
    for (const { body } of await refusals()) expect(body.error_description).toMatch(CHARACTERS);
  },
);

requirement(
  '5.2',
  'values for the "error_uri" parameter MUST conform to the URI-reference syntax (none is sent)',
  async () => {
    for (const { body } of await refusals())
      expect(Object.keys(body).sort()).toEqual(['error', 'error_description']);
  },
);
