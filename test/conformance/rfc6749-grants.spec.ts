import { afterAll, beforeAll, expect } from '@jest/globals';
import { unique } from '../support/create-test-environment.js';
import { requirementsOf } from './requirement.js';
import {
  expectError,
  expectErrorRedirect,
  expectPage,
  OTHER_URI,
  Setting,
  WRONG_SECRET,
  type Client,
} from './setting.js';

const requirement = requirementsOf(6749);
const GRANT = { grant_type: 'client_credentials' };

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
});
afterAll(() => setting.close());

requirement(
  '4.2.1',
  'the authorization server MUST verify that the redirection URI to which it will redirect the access token matches one registered by the client (implicit grant: not offered)',
  async () => {
    const elsewhere = { response_type: 'token', redirect_uri: 'https://evil.example/callback' };
    expectPage(await setting.ask(client, elsewhere));
    const answer = await setting.ask(client, { response_type: 'token' });
    expectErrorRedirect(answer, 'unsupported_response_type');
    expect(answer.location).not.toContain('access_token');
    expect((await setting.metadata()).response_types_supported).toEqual(['code']);
  },
);

requirement(
  '4.2.2',
  'the authorization server MUST NOT issue a refresh token (implicit grant: not offered, nothing is issued)',
  async () => {
    const { searchParams, hash } = await setting.response(client, { response_type: 'token' });
    expect(hash).toBe('');
    expect([...searchParams.keys()].sort()).toEqual(['error', 'error_description', 'iss', 'state']);
  },
);

requirement(
  '4.2.2.1',
  'if the redirection URI or the client identifier is invalid, the authorization server MUST NOT automatically redirect the user-agent (implicit grant: not offered)',
  async () => {
    const implicit = { response_type: 'token' };
    expectPage(await setting.ask(client, { ...implicit, redirect_uri: OTHER_URI }));
    expectPage(await setting.ask(client, { ...implicit, client_id: 'nobody-has-this-id' }));
  },
);

requirement(
  '4.3.2',
  'the authorization server MUST require client authentication for confidential clients (resource owner password credentials: before it says that this is not offered)',
  async () => {
    const grant = { grant_type: 'password', ...setting.person };
    const impostor = { ...client, clientSecret: WRONG_SECRET };
    expectError(await setting.tokenRequest(impostor, grant), 401, 'invalid_client');
  },
);

requirement(
  '4.3.2',
  'the authorization server MUST protect the endpoint against brute force attacks (resource owner password credentials: not offered, so no password can be tried there)',
  async () => {
    const grant = { grant_type: 'password', ...setting.person };
    expectError(await setting.tokenRequest(client, grant), 400, 'unsupported_grant_type');
    const wrong = { ...grant, password: WRONG_SECRET };
    expectError(await setting.tokenRequest(client, wrong), 400, 'unsupported_grant_type');
  },
);

requirement(
  '4.4',
  'the client credentials grant type MUST only be used by confidential clients',
  async () => {
    expectError(await setting.tokenRequest(setting.native, GRANT), 400, 'unauthorized_client');
    const { status, body } = await setting.env.admin.post('/api/v1/clients', {
      body: {
        name: unique('c'),
        token_endpoint_auth_method: 'none',
        grant_types: ['client_credentials'],
        redirect_uris: ['https://app.example.com/callback'],
      },
    });
    if (status === 201)
      expectError(
        await setting.tokenRequest({ clientId: body.client_id }, GRANT),
        400,
        'unauthorized_client',
      );
    else expect(status).toBe(400);
  },
);

requirement('4.4.2', 'grant_type REQUIRED, its value MUST be set to "client_credentials"', async () => {
  expect((await setting.tokenRequest(client, GRANT)).status).toBe(200);
  expectError(await setting.tokenRequest(client, { scope: 'users:read' }), 400, 'invalid_request');
  for (const grantType of ['CLIENT_CREDENTIALS', 'client_credentials ', 'client credentials'])
    expectError(await setting.tokenRequest(client, { grant_type: grantType }), 400, 'unsupported_grant_type');
});

requirement('4.4.2', 'the client MUST authenticate with the authorization server', async () => {
  expectError(await setting.tokenRequest({ clientId: client.clientId }, GRANT), 401, 'invalid_client');
  const { status } = await setting.env.anonymous.post('/oauth2/token', { body: new URLSearchParams(GRANT) });
  expect(status).toBe(401);
});
