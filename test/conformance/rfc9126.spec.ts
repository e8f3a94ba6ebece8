import { afterAll, beforeAll, expect } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { postByKey, registerKeyClient, type KeyClient } from '../support/client-keys.js';
import { KEY_CLIENT, KeySetting, PUSHED } from './key-setting.js';
import { requirementsOf } from './requirement.js';
import {
  allow,
  expectError,
  expectErrorRedirect,
  expectPage,
  OTHER_URI,
  present,
  REDIRECT_URI,
  WRONG_SECRET,
  type Parameters,
} from './setting.js';

const requirement = requirementsOf(9126);

let keys: KeySetting;
/** Proves who it is by a key, and is held to no profile. */
let client: KeyClient;
beforeAll(async () => {
  keys = await KeySetting.create();
  client = await registerKeyClient(keys.env, KEY_CLIENT);
  await keys.answer(await keys.requestUri({}, client), client);
});
afterAll(() => keys.close());

requirement(
  '2',
  'the authorization server MUST accept the HTTP POST method in the message body of application/x-www-form-urlencoded',
  async () => {
    expect((await keys.push({}, client)).status).toBe(201);
    const json = await keys.env.admin.post('/oauth2/par', { body: PUSHED });
    expectError(json, 400, 'invalid_request');
    expect((await keys.env.anonymous.get('/oauth2/par')).status).toBe(405);
  },
);

requirement('2', 'the rules for client authentication at the token endpoint MUST be applied', async () => {
  const { env, setting } = keys;
  const { clientId, clientSecret } = setting.confidential;
  const body = present(PUSHED);
  expect((await ApiClient.basic(env.url, clientId, clientSecret).post('/oauth2/par', { body })).status).toBe(
    201,
  );
  for (const wrong of [
    await ApiClient.basic(env.url, clientId, WRONG_SECRET).post('/oauth2/par', { body }),
    await env.anonymous.post('/oauth2/par', { body }),
    await env.anonymous.post('/oauth2/par', { body: present({ ...PUSHED, client_id: clientId }) }),
    await postByKey(env, { clientId, key: client.key }, '/oauth2/par', PUSHED),
  ])
    expectError(wrong, 401, 'invalid_client');
  // A public client says who it is, as at the token endpoint.
  const { clientId: native } = setting.native;
  expect(
    (await env.anonymous.post('/oauth2/par', { body: present({ ...PUSHED, client_id: native }) })).status,
  ).toBe(201);
});

requirement('2.1', 'the "request_uri" authorization request parameter MUST NOT be provided', async () => {
  const request_uri = await keys.requestUri({}, client);
  for (const one of [request_uri, 'https://app.example.com/request.jwt', ''])
    expectError(await keys.push({ request_uri: one }, client), 400, 'invalid_request');
});

requirement(
  '2.1',
  'the authorization server MUST validate the pushed request as it would an authorization request sent to the authorization endpoint',
  async () => {
    for (const [error, changes] of [
      ['invalid_request', { response_type: undefined }],
      ['unsupported_response_type', { response_type: 'token' }],
      ['invalid_request', { response_mode: 'fragment' }],
      ['invalid_scope', { scope: 'clients:write' }],
      ['invalid_scope', { scope: 'a\tb' }],
      ['invalid_request', { code_challenge: undefined }],
      ['invalid_request', { code_challenge_method: 'plain' }],
      ['invalid_request', { redirect_uri: 'https://evil.example.com/callback' }],
      ['invalid_request', { prompt: 'nonsense' }],
      ['invalid_request', { dpop_jkt: 'short' }],
      ['invalid_target', { resource: 'https://other.example.com' }],
      ['request_not_supported', { request: 'x.y.z' }],
      ['invalid_request', { state: 'x'.repeat(8193) }],
    ] as const)
      expectError(await keys.push(changes as Parameters, client), 400, error);
    const twice = present({ ...PUSHED });
    twice.append('scope', 'users:read');
    const { clientId, clientSecret } = keys.setting.confidential;
    const basic = ApiClient.basic(keys.env.url, clientId, clientSecret);
    expectError(await basic.post('/oauth2/par', { body: twice }), 400, 'invalid_request');
  },
);

requirement(
  '2.2',
  'the response MUST be 201 with "request_uri" and "expires_in", and the request URI MUST contain some part generated using a cryptographically strong pseudorandom algorithm',
  async () => {
    const answers = await Promise.all([keys.push({}, client), keys.push({}, client)]);
    for (const { status, body, headers } of answers) {
      expect(status).toBe(201);
      expect(body).toEqual({
        request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{49}$/),
        expires_in: 90,
      });
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect(answers[0]!.body.request_uri).not.toBe(answers[1]!.body.request_uri);
  },
);

requirement(
  '2.2',
  'the request URI MUST be bound to the client that posted the authorization request',
  async () => {
    const requestUri = await keys.requestUri({}, client);
    const other = await registerKeyClient(keys.env, KEY_CLIENT);
    expectPage(await keys.authorize(requestUri, {}, other));
    expectPage(await keys.authorize(requestUri, { client_id: undefined }, client));
    expectPage(await keys.authorize(requestUri, { client_id: '' }, client));
    // That did not spend it.
    expect((await keys.answer(requestUri, client)).searchParams.get('code')).toMatch(/^psa_/);
  },
);

requirement(
  '2.3',
  'if the request is refused, the error MUST be one of RFC 6749 section 5.2 or of the authorization endpoint',
  async () => {
    const refused = await keys.push({ scope: 'clients:write' }, client);
    expect(refused.headers.get('content-type')).toMatch(/^application\/json/);
    expect(refused.body).toEqual({ error: 'invalid_scope', error_description: expect.any(String) });
  },
);

requirement(
  '4',
  'the authorization server MUST take the request from what was pushed: it wins over the front channel',
  async () => {
    const requestUri = await keys.requestUri({ scope: 'users:read', state: 'pushed' }, client);
    const front = {
      scope: 'devices:read',
      state: 'front',
      redirect_uri: OTHER_URI,
      response_type: 'token',
      prompt: 'none',
    };
    const page = await keys.setting.follow(await keys.authorize(requestUri, front, client));
    const { origin, pathname, searchParams } = new URL(page.location!);
    expect(origin + pathname).toBe(REDIRECT_URI);
    expect(searchParams.get('state')).toBe('pushed');
  },
);

requirement('4', 'the authorization server MUST treat request_uri values as one-time use', async () => {
  const requestUri = await keys.requestUri({}, client);
  const visits = await Promise.all(Array.from({ length: 5 }, () => keys.authorize(requestUri, {}, client)));
  expect(visits.filter(({ status }) => status === 303)).toHaveLength(1);
  for (const visit of visits.filter(({ status }) => status !== 303)) expectPage(visit);
  expectPage(await keys.authorize(requestUri, {}, client));
});

requirement('4', 'an expired request_uri MUST be rejected as invalid', async () => {
  const { env } = keys;
  const requestUri = await keys.requestUri({}, client);
  try {
    env.clock.advance(91);
    expectPage(await keys.authorize(requestUri, {}, client));
  } finally {
    env.clock.advance(-91);
  }
  // One that was never pushed is none of ours.
  const unknown = { request_uri: 'urn:ietf:params:oauth:request_uri:unknown', redirect_uri: REDIRECT_URI };
  expectErrorRedirect(await keys.authorize('', unknown, client), 'request_uri_not_supported');
});

requirement(
  '5',
  '"require_pushed_authorization_requests": for a client that is registered so the authorization server MUST accept pushed requests only',
  async () => {
    const strict = await registerKeyClient(keys.env, { ...KEY_CLIENT, require_par: true });
    const front = await keys.setting.ask({ clientId: strict.clientId });
    expectErrorRedirect(front, 'invalid_request');
    expect(new URL(front.location!).searchParams.get('error_description')).toContain('pushed (RFC 9126');
    expect((await keys.answer(await keys.requestUri({}, strict), strict)).searchParams.has('code')).toBe(
      true,
    );
    // Nor does one that was under way count when its client is held to it.
    const late = await registerKeyClient(keys.env, KEY_CLIENT);
    const page = await keys.setting.follow(await keys.setting.ask({ clientId: late.clientId }));
    expect(page.status).toBe(200);
    await keys.env.admin.patch(`/api/v1/clients/${late.clientId}`, { body: { require_par: true } });
    expectErrorRedirect(await allow(keys.setting.browser, page), 'invalid_request');
    // Others come either way.
    expect((await keys.setting.ask({ clientId: client.clientId })).location).toMatch(/^\/oauth2\/consent/);
  },
);
