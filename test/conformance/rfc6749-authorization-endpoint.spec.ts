import { afterAll, beforeAll, expect } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { unique } from '../support/create-test-environment.js';
import { requirementsOf } from './requirement.js';
import { expectErrorRedirect, expectPage, OTHER_URI, REDIRECT_URI, Setting, type Client } from './setting.js';

const requirement = requirementsOf(6749);

let setting: Setting;
/** A client whose consent is remembered: for it, an answer comes without a page. */
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
  await setting.code(client);
});
afterAll(() => setting.close());

const registration = (fields: Record<string, unknown>) =>
  setting.env.admin.post('/api/v1/clients', {
    body: { name: unique('c'), grant_types: ['authorization_code'], ...fields },
  });

requirement(
  '3.1',
  'the authorization server MUST first verify the identity of the resource owner',
  async () => {
    const stranger = new Browser(setting.env.url);
    const page = await setting.follow(await setting.ask(client, {}, stranger), stranger);
    expect(page.status).toBe(200);
    expect(page.text).toContain('type="password"');
    const wrong = await stranger.submit(page, '/oauth2/sign-in', {
      username: setting.person.username,
      password: 'not the password of this person',
    });
    expect(wrong.location).toBeNull();
    expect(wrong.text).toContain('type="password"');
  },
);

requirement('3.1', 'the endpoint URI MUST NOT include a fragment component', async () => {
  expect((await setting.metadata()).authorization_endpoint).toBe(`${setting.env.url}/oauth2/authorize`);
});

requirement('3.1', 'the authorization server MUST support the use of the HTTP GET method', async () => {
  const { searchParams } = await setting.response(client);
  expect(searchParams.get('code')).toEqual(expect.any(String));
});

requirement(
  '3.1',
  'parameters sent without a value MUST be treated as if they were omitted from the request',
  async () => {
    const response = await setting.response(client, { state: '', redirect_uri: '', prompt: '' });
    expect(response.href).toContain(`${REDIRECT_URI}?`);
    expect(response.searchParams.get('code')).toEqual(expect.any(String));
    expect(response.searchParams.has('state')).toBe(false);
    expectErrorRedirect(await setting.ask(client, { response_type: '' }), 'invalid_request');
  },
);

requirement('3.1', 'the authorization server MUST ignore unrecognized request parameters', async () => {
  const { searchParams } = await setting.response(client, { unrecognized: '1', access_type: 'offline' });
  expect(searchParams.get('code')).toEqual(expect.any(String));
  expect(searchParams.has('unrecognized')).toBe(false);
});

requirement('3.1', 'request parameters MUST NOT be included more than once', async () => {
  const query = setting.authorizationRequest(client);
  for (const repeated of ['scope=users%3Aread', 'unrecognized=1&unrecognized=1', 'code_challenge=x'])
    expectErrorRedirect(
      await setting.browser.get(`/oauth2/authorize?${query}&${repeated}`),
      'invalid_request',
    );
  expectPage(
    await setting.browser.get(`/oauth2/authorize?${query}&redirect_uri=${encodeURIComponent(OTHER_URI)}`),
  );
  expectPage(await setting.browser.get(`/oauth2/authorize?${query}&client_id=${client.clientId}`));
});

requirement('3.1', 'response parameters MUST NOT be included more than once', async () => {
  const once = ({ searchParams }: URL) => new Set(searchParams.keys()).size === [...searchParams].length;
  expect(once(await setting.response(client))).toBe(true);
  const { location } = await setting.ask(client, { response_type: 'token' });
  expect(once(new URL(location!))).toBe(true);
  for (const held of ['code', 'state', 'error', 'iss']) {
    const { status } = await registration({ redirect_uris: [`https://app.example.com/cb?${held}=1`] });
    expect(status).toBe(400);
  }
});

requirement('3.1.1', 'response_type REQUIRED', async () => {
  expectErrorRedirect(await setting.ask(client, { response_type: undefined }), 'invalid_request');
});

requirement(
  '3.1.1',
  'if the response type is not understood, the authorization server MUST return an error response',
  async () => {
    for (const type of ['token', 'id_token', 'code token', 'Code', 'code code', 'none', '__proto__'])
      expectErrorRedirect(await setting.ask(client, { response_type: type }), 'unsupported_response_type');
  },
);

requirement('3.1.2', 'the redirection endpoint URI MUST be an absolute URI', async () => {
  for (const uri of ['/callback', '//app.example.com/callback', 'app.example.com/callback', 'callback']) {
    const { status, body } = await registration({ redirect_uris: [uri] });
    expect({ status, field: body.errors[0].field }).toEqual({ status: 400, field: 'redirect_uris' });
    expectPage(await setting.ask(client, { redirect_uri: uri }));
  }
});

requirement(
  '3.1.2',
  'the query component of the redirection URI MUST be retained when adding additional query parameters',
  async () => {
    const uri = 'https://app.example.com/callback?tenant=a%20b&x=%C3%BC+y';
    const other = await setting.registerConfidential({ redirect_uris: [uri] });
    const response = await setting.response(other, { redirect_uri: uri });
    expect(response.href).toMatch(/^https:\/\/app\.example\.com\/callback\?tenant=a%20b&x=%C3%BC\+y&/);
    expect(response.searchParams.get('code')).toEqual(expect.any(String));
  },
);

requirement('3.1.2', 'the redirection endpoint URI MUST NOT include a fragment component', async () => {
  for (const fragment of ['#', '#code=1', '#/route']) {
    expect((await registration({ redirect_uris: [REDIRECT_URI + fragment] })).status).toBe(400);
    expectPage(await setting.ask(client, { redirect_uri: REDIRECT_URI + fragment }));
  }
});

requirement(
  '3.1.2.2',
  'the authorization server MUST require public clients to register their redirection endpoint',
  async () => {
    const answer = await registration({ token_endpoint_auth_method: 'none', redirect_uris: [] });
    if (answer.status !== 201) return expect(answer.body.errors[0].field).toBe('redirect_uris');
    const { client_id: clientId } = answer.body;
    expectPage(await setting.ask({ clientId }));
    expectPage(await setting.ask({ clientId }, { redirect_uri: undefined }));
  },
);

requirement(
  '3.1.2.3',
  'if multiple redirection URIs have been registered, the client MUST include a redirection URI with the authorization request',
  async () => {
    const several = await setting.registerConfidential({ redirect_uris: [REDIRECT_URI, OTHER_URI] });
    expectPage(await setting.ask(several, { redirect_uri: undefined }));
    const response = await setting.response(several, { redirect_uri: OTHER_URI });
    expect(response.href).toContain(`${OTHER_URI}?`);
  },
);

requirement(
  '3.1.2.3',
  'the authorization server MUST compare and match the redirection URI received against the registered redirection URIs',
  async () => {
    for (const uri of [OTHER_URI, 'https://evil.example/callback', 'javascript:alert(1)', 'data:,x'])
      expectPage(await setting.ask(client, { redirect_uri: uri }));
  },
);

requirement(
  '3.1.2.3',
  'the authorization server MUST compare the two URIs using simple string comparison',
  async () => {
    for (const uri of [
      `${REDIRECT_URI}/`,
      `${REDIRECT_URI}?`,
      `${REDIRECT_URI}?x=1`,
      REDIRECT_URI.toUpperCase(),
      'https://APP.example.com/callback',
      'https://app.example.com:443/callback',
      'https://app.example.com/%63allback',
      'https://app.example.com/x/../callback',
      'https://app.example.com/./callback',
      'https://app.example.com\\callback',
      'https://app.example.com@evil.example/callback',
      'https://evil.example@app.example.com/callback',
      'http://app.example.com/callback',
      ` ${REDIRECT_URI}`,
    ])
      expectPage(await setting.ask(client, { redirect_uri: uri }));
  },
);

requirement(
  '3.1.2.4',
  'with an invalid redirection URI the authorization server SHOULD inform the resource owner of the error and MUST NOT automatically redirect the user-agent to it',
  async () => {
    const answer = await setting.ask(client, { redirect_uri: 'https://evil.example/callback' });
    expectPage(answer);
    expect(answer.text).toMatch(/redirect_uri|redirection URI/i);
    expect(answer.text).not.toContain('evil.example');
  },
);
