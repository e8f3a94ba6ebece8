import { afterAll, beforeAll, expect } from '@jest/globals';
import { ApiClient, basicAuthorization } from '../support/api-client.js';
import { unique } from '../support/create-test-environment.js';
import { requirementsOf } from './requirement.js';
import { expectError, Setting, WRONG_SECRET, type Parameters, present } from './setting.js';

const requirement = requirementsOf(6749);
const GRANT = { grant_type: 'client_credentials' };

let setting: Setting;
beforeAll(async () => {
  setting = await Setting.create();
});
afterAll(() => setting.close());

const byBody = (parameters: Parameters) =>
  setting.env.anonymous.post('/oauth2/token', { body: present({ ...GRANT, ...parameters }) });

requirement(
  '2.2',
  'the client identifier is not a secret and MUST NOT be used alone for client authentication',
  async () => {
    expectError(await byBody({ client_id: setting.confidential.clientId }), 401, 'invalid_client');
    const { code, redirectUri } = await setting.code(setting.confidential);
    const alone = { clientId: setting.confidential.clientId };
    expectError(await setting.redeem(alone, { code, redirectUri }), 401, 'invalid_client');
  },
);

requirement(
  '2.3',
  'the authorization server MUST NOT rely on public client authentication for the purpose of identifying the client (so a person is asked each time)',
  async () => {
    const asked = async () => (await setting.follow(await setting.ask(setting.native))).status;
    expect(await asked()).toBe(200);
    await setting.tokens(setting.native);
    expect(await asked()).toBe(200);
  },
);

requirement(
  '2.3',
  'the client MUST NOT use more than one authentication method in each request',
  async () => {
    const { clientId, clientSecret } = setting.confidential;
    const basic = ApiClient.basic(setting.env.url, clientId, clientSecret);
    const both = present({ ...GRANT, client_id: clientId, client_secret: clientSecret });
    expectError(await basic.post('/oauth2/token', { body: both }), 400, 'invalid_request');
  },
);

requirement(
  '2.3.1',
  'the authorization server MUST support the HTTP Basic authentication scheme (with identifier and password form-encoded)',
  async () => {
    const secret = 'per%cent + plus: colon / &=?';
    const client = await setting.registerConfidential({ client_id: unique('a~b.c'), client_secret: secret });
    const encoded = new URLSearchParams({ '': secret }).toString().slice(1);
    const { status } = await setting.env.anonymous.post('/oauth2/token', {
      body: new URLSearchParams(GRANT),
      headers: { authorization: basicAuthorization(client.clientId, encoded) },
    });
    expect(status).toBe(200);
    expectError(
      await setting.tokenRequest({ ...client, clientSecret: WRONG_SECRET }, GRANT),
      401,
      'invalid_client',
    );
  },
);

requirement('2.3.1', 'in the request-body, client_id is REQUIRED', async () => {
  const { clientId, clientSecret } = setting.confidential;
  expect((await byBody({ client_id: clientId, client_secret: clientSecret })).status).toBe(200);
  expectError(await byBody({ client_secret: clientSecret }), 401, 'invalid_client');
});

requirement('2.3.1', 'in the request-body, client_secret is REQUIRED', async () => {
  const { clientId } = setting.confidential;
  expectError(await byBody({ client_id: clientId }), 401, 'invalid_client');
  expectError(await byBody({ client_id: clientId, client_secret: '' }), 401, 'invalid_client');
  expectError(await byBody({ client_id: clientId, client_secret: WRONG_SECRET }), 401, 'invalid_client');
});

requirement(
  '2.3.1',
  'the parameters can only be transmitted in the request-body and MUST NOT be included in the request URI',
  async () => {
    const { clientId, clientSecret } = setting.confidential;
    const query = present({ client_id: clientId, client_secret: clientSecret });
    for (const path of ['/oauth2/token', '/oauth2/introspect', '/oauth2/revoke']) {
      const body = present({ ...GRANT, token: 'any' });
      expect((await setting.env.anonymous.post(`${path}?${query}`, { body })).status).toBe(401);
    }
  },
);

requirement(
  '2.3.2',
  'when using other authentication methods, the authorization server MUST define a mapping between the client identifier and authentication scheme',
  async () => {
    const { clientId } = setting.native;
    const { body } = await setting.env.admin.get(`/api/v1/clients/${clientId}`);
    expect(body.token_endpoint_auth_method).toBe('none');
    const withSecret = { clientId, clientSecret: WRONG_SECRET };
    expectError(await setting.tokenRequest(withSecret, GRANT), 401, 'invalid_client');
    const unknown = await setting.env.admin.post('/api/v1/clients', {
      body: { name: unique('c'), token_endpoint_auth_method: 'telepathy' },
    });
    expect(unknown.status).toBe(400);
    expect(unknown.body.errors[0].field).toBe('token_endpoint_auth_method');
  },
);
