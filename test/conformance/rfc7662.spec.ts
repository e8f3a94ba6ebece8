import { afterAll, beforeAll, expect } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { requirementsOf } from './requirement.js';
import { altered, expectError, Setting, WRONG_SECRET, type Client } from './setting.js';

const requirement = requirementsOf(7662);

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
});
afterAll(() => setting.close());

/** RFC 7662 §2.2: nothing more than that, or it would tell why. */
const expectInactive = ({ status, body }: ApiResponse) =>
  expect({ status, body }).toEqual({ status: 200, body: { active: false } });

requirement('2.1', 'token REQUIRED', async () => {
  for (const token of [undefined, ''])
    expectError(await setting.introspect({ token }), 400, 'invalid_request');
});

requirement(
  '2.1',
  'if the server is unable to locate the token using the given hint, it MUST extend its search across all of its supported token types',
  async () => {
    const tokens = await setting.tokens(client);
    for (const token of [tokens.access_token, tokens.refresh_token])
      for (const hint of ['access_token', 'refresh_token', 'nonsense', '']) {
        const { body } = await setting.introspect({ token, token_type_hint: hint });
        expect(body).toMatchObject({ active: true, client_id: client.clientId });
      }
  },
);

requirement(
  '2.1',
  'to prevent token scanning attacks, the endpoint MUST require some form of authorization',
  async () => {
    const { env } = setting;
    const token = await setting.ownToken();
    const asked = (by: ApiClient) => setting.introspect({ token }, by);
    for (const by of [
      env.anonymous,
      ApiClient.basic(env.url, client.clientId, WRONG_SECRET),
      ApiClient.bearer(env.url, altered(token)),
    ]) {
      const { status, text } = await asked(by);
      expect(status).toBe(401);
      expect(text).not.toContain('"active"');
    }
    // A client without the scope, by either way.
    for (const by of [
      ApiClient.basic(env.url, client.clientId, client.clientSecret),
      ApiClient.bearer(env.url, token),
    ])
      expectError(await asked(by), 403, 'insufficient_scope');
  },
);

requirement('2.2', 'active REQUIRED', async () => {
  expect((await setting.introspect({ token: await setting.ownToken() })).body.active).toBe(true);
  expect((await setting.introspect({ token: 'nonsense' })).body.active).toBe(false);
});

requirement(
  '2.2',
  'if the token is not active, does not exist, or the caller is not allowed to introspect it, the authorization server MUST return "active" set to "false"',
  async () => {
    const token = await setting.ownToken();
    const { code } = await setting.code(client);
    for (const unknown of [
      altered(token),
      'nonsense',
      code,
      client.clientSecret,
      '\u{1f600}',
      'x'.repeat(5000),
    ])
      expectInactive(await setting.introspect({ token: unknown }));
    const elsewhere = await setting.env.addCustomer('20002');
    const other = await elsewhere.post('/api/v1/clients', {
      body: { name: 'other', grant_types: ['client_credentials'] },
    });
    const foreign = await setting.env.token(other.body.client_id, other.body.client_secret);
    expectInactive(await setting.introspect({ token: foreign }));
  },
);

requirement(
  '2.3',
  'a query for an inactive token is no error: the authorization server MUST respond with "active" set to "false"',
  async () => {
    const tokens = await setting.tokens(client);
    await setting.revoke(client, { token: tokens.refresh_token });
    for (const token of [tokens.access_token, tokens.refresh_token])
      expectInactive(await setting.introspect({ token }));
  },
);

requirement(
  '4',
  'if the token can expire, the authorization server MUST determine whether or not the token has expired',
  async () => {
    const { access_token: token } = await setting.tokens(client);
    const { body } = await setting.introspect({ token });
    try {
      setting.env.clock.set(new Date(body.exp * 1000 - 2000));
      expect(await setting.isActive(token)).toBe(true);
      setting.env.clock.set(new Date(body.exp * 1000 + 1000));
      expectInactive(await setting.introspect({ token }));
    } finally {
      setting.env.clock.set(new Date());
    }
  },
);

requirement(
  '4',
  'if the token can be issued before it is able to be used, the authorization server MUST determine whether its valid period has started yet (a client’s “valid from”)',
  async () => {
    const other = await setting.registerConfidential();
    const token = await setting.ownToken(other);
    const change = (fields: object) =>
      setting.env.admin.patch(`/api/v1/clients/${other.clientId}`, { body: fields });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect((await change({ valid_from: tomorrow })).status).toBe(200);
    expectInactive(await setting.introspect({ token }));
    expect((await change({ valid_from: null })).status).toBe(200);
    expect(await setting.isActive(token)).toBe(true);
  },
);

requirement(
  '4',
  'if the token can be revoked after it was issued, the authorization server MUST determine whether such a revocation has taken place',
  async () => {
    const token = await setting.ownToken();
    expect(await setting.isActive(token)).toBe(true);
    await setting.revoke(client, { token });
    expectInactive(await setting.introspect({ token }));
    const other = await setting.registerConfidential();
    const suspended = await setting.ownToken(other);
    await setting.env.admin.patch(`/api/v1/clients/${other.clientId}`, { body: { active: false } });
    expectInactive(await setting.introspect({ token: suspended }));
  },
);

requirement(
  '4',
  'if the token has been signed, the authorization server MUST validate the signature',
  async () => {
    const other = await setting.registerConfidential({ access_token_format: 'jwt' });
    const jwt = await setting.ownToken(other);
    expect(await setting.isActive(jwt)).toBe(true);
    const [header, payload, signature] = jwt.split('.') as [string, string, string];
    for (const forged of [
      `${header}.${payload}.${altered(signature)}`,
      `${header}.${payload}.`,
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`,
    ])
      expectInactive(await setting.introspect({ token: forged }));
  },
);

requirement(
  '4',
  'if the token can be used only at certain resource servers, the authorization server MUST determine whether it can be used at the one making the call (of its own customer)',
  async () => {
    const token = await setting.ownToken();
    const elsewhere = await setting.env.addCustomer('30003');
    const { body } = await elsewhere.get('/api/v1/clients');
    const { client_id: clientId } = body.items[0];
    await setting.env.admin.patch(`/api/v1/clients/${clientId}`, {
      body: { scopes: ['tokens:introspect', 'clients:read', 'clients:write'] },
    });
    expectInactive(await setting.introspect({ token }, elsewhere));
    expect(await setting.isActive(token)).toBe(true);
  },
);

requirement(
  '4',
  'the authorization server MUST require authentication of protected resources and SHOULD require them to be specifically authorized',
  async () => {
    const token = await setting.ownToken();
    expect((await setting.introspect({ token }, setting.env.anonymous)).status).toBe(401);
    const resource = await setting.registerConfidential({ scopes: ['tokens:introspect'] });
    const basic = ApiClient.basic(setting.env.url, resource.clientId, resource.clientSecret);
    expect((await setting.introspect({ token }, basic)).body.active).toBe(true);
    const bearer = ApiClient.bearer(setting.env.url, await setting.ownToken(resource));
    expect((await setting.introspect({ token }, bearer)).body.active).toBe(true);
  },
);

requirement('4', 'the response MUST NOT be cached beyond the time of "exp"', async () => {
  const { headers, body } = await setting.introspect({ token: await setting.ownToken() });
  expect(body.exp).toBeGreaterThan(Date.now() / 1000);
  expect(headers.get('cache-control')).toBe('no-store');
});

requirement(
  '5',
  'measures MUST be taken to prevent disclosure of privacy-sensitive information to unintended parties',
  async () => {
    const { access_token: token } = await setting.tokens(client);
    const { body } = await setting.introspect({ token });
    expect(body.active).toBe(true);
    const { env } = setting;
    for (const by of [env.anonymous, ApiClient.basic(env.url, client.clientId, client.clientSecret)]) {
      const { text } = await setting.introspect({ token }, by);
      expect(text).not.toContain(body.sub);
      expect(text).not.toContain(setting.person.username);
    }
  },
);
