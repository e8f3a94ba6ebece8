import { afterAll, beforeAll, expect } from '@jest/globals';
import { requirementsOf } from './requirement.js';
import { altered, expectError, Setting, WRONG_SECRET, type Client } from './setting.js';

const requirement = requirementsOf(6749);
const SCOPE = 'users:read devices:read';

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
});
afterAll(() => setting.close());

const refreshToken = async (of: Client = client) =>
  (await setting.tokens(of, { scope: SCOPE })).refresh_token;
const scopesOf = (scope: string) => scope.split(' ').sort();

requirement('6', 'grant_type REQUIRED', async () => {
  const token = await refreshToken();
  expectError(await setting.refresh(client, token, { grant_type: undefined }), 400, 'invalid_request');
  expect((await setting.refresh(client, token)).status).toBe(200);
});

requirement('6', 'refresh_token REQUIRED', async () => {
  expectError(await setting.tokenRequest(client, { grant_type: 'refresh_token' }), 400, 'invalid_request');
  expectError(await setting.refresh(client, ''), 400, 'invalid_request');
});

requirement(
  '6',
  'the requested scope MUST NOT include any scope not originally granted by the resource owner',
  async () => {
    const token = await refreshToken();
    for (const scope of ['sessions:read', `${SCOPE} sessions:read`, 'clients:write', 'nonsense'])
      expectError(await setting.refresh(client, token, { scope }), 400, 'invalid_scope');
    const { status, body } = await setting.refresh(client, token, { scope: 'devices:read' });
    expect([status, body.scope]).toEqual([200, 'devices:read']);
    expect(await setting.use(body.access_token, '/pam/v1/devices')).toBe(200);
    expect(await setting.use(body.access_token, '/pam/v1/users')).toBe(403);
  },
);

requirement(
  '6',
  'a confidential client MUST authenticate with the authorization server (and what fails consumes nothing)',
  async () => {
    const token = await refreshToken();
    expectError(await setting.refresh({ clientId: client.clientId }, token), 401, 'invalid_client');
    const wrong = { ...client, clientSecret: WRONG_SECRET };
    expectError(await setting.refresh(wrong, token), 401, 'invalid_client');
    expect((await setting.refresh(client, token)).status).toBe(200);
  },
);

requirement(
  '6',
  'the authorization server MUST ensure that the refresh token was issued to the authenticated client',
  async () => {
    const token = await refreshToken();
    const ofPublic = await refreshToken(setting.native);
    expectError(await setting.refresh(await setting.registerConfidential(), token), 400, 'invalid_grant');
    expectError(await setting.refresh(setting.native, token), 400, 'invalid_grant');
    expectError(await setting.refresh(await setting.registerPublic(), ofPublic), 400, 'invalid_grant');
    expect((await setting.refresh(client, token)).status).toBe(200);
    expect((await setting.refresh(setting.native, ofPublic)).status).toBe(200);
  },
);

requirement('6', 'the authorization server MUST validate the refresh token', async () => {
  const token = await refreshToken();
  const { code } = await setting.code(client);
  for (const invalid of ['nonsense', altered(token), `${token}=`, code, await setting.ownToken()])
    expectError(await setting.refresh(client, invalid), 400, 'invalid_grant');
  const short = await setting.registerConfidential({ refresh_token_ttl: 60 });
  const expiring = await refreshToken(short);
  try {
    setting.env.clock.advance(61);
    expectError(await setting.refresh(short, expiring), 400, 'invalid_grant');
  } finally {
    setting.env.clock.set(new Date());
  }
});

requirement(
  '6',
  'if a new refresh token is issued, the refresh token scope MUST be identical to that of the refresh token included by the client in the request',
  async () => {
    const narrowed = await setting.refresh(client, await refreshToken(), { scope: 'devices:read' });
    expect(narrowed.body.scope).toBe('devices:read');
    const { status, body } = await setting.refresh(client, narrowed.body.refresh_token);
    expect([status, scopesOf(body.scope)]).toEqual([200, scopesOf(SCOPE)]);
  },
);

requirement(
  '7',
  'the resource server MUST validate the access token and ensure that it has not expired and that its scope covers the requested resource',
  async () => {
    const short = await setting.registerConfidential({ access_token_ttl: 60 });
    const { access_token: token } = await setting.tokens(short, { scope: 'devices:read' });
    expect(await setting.use(token, '/pam/v1/devices')).toBe(200);
    expect(await setting.use(token, '/pam/v1/users')).toBe(403);
    expect(await setting.use(altered(token), '/pam/v1/devices')).toBe(401);
    try {
      setting.env.clock.advance(61);
      expect(await setting.use(token, '/pam/v1/devices')).toBe(401);
    } finally {
      setting.env.clock.set(new Date());
    }
  },
);
