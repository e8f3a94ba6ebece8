import { afterAll, beforeAll, expect } from '@jest/globals';
import { auditEvents } from '../support/audit-events.js';
import { ApiClient } from '../support/api-client.js';
import { Browser } from '../support/browser.js';
import { unique } from '../support/create-test-environment.js';
import { requirementsOf } from './requirement.js';
import {
  expectError,
  expectErrorRedirect,
  expectPage,
  OTHER_URI,
  REDIRECT_URI,
  Setting,
  type Client,
} from './setting.js';

const requirement = requirementsOf(9700);

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
});
afterAll(() => setting.close());

requirement(
  '4.1.3',
  'the authorization server MUST ensure that the two URIs are equal (simple string comparison)',
  async () => {
    for (const uri of [
      'https://app.example.com/callback/../callback',
      'https://app.example.com/callback%2f',
      'https://app.example.com./callback',
      'https://app.example.com/Callback',
      'https://app.example.com/callback#',
      'https://a@app.example.com/callback',
      'https://app.example.com@evil.example/callback',
      'https://evil.example\\@app.example.com/callback',
      'https://evil.example/https://app.example.com/callback',
    ])
      expectPage(await setting.ask(client, { redirect_uri: uri }));
  },
);

requirement(
  '4.1.3',
  'for native apps the authorization server MUST allow variable port numbers (of 127.0.0.1 and [::1])',
  async () => {
    const native = await setting.registerPublic({
      redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]:9000/callback'],
    });
    for (const uri of ['http://127.0.0.1:1/callback', 'http://[::1]/callback', 'http://[::1]:65535/callback'])
      expect((await setting.response(native, { redirect_uri: uri })).href).toContain(`${uri}?`);
    for (const uri of [
      'http://127.0.0.1:1/other',
      'http://127.0.0.2:1/callback',
      'http://localhost:1/callback',
      'https://127.0.0.1:1/callback',
      'http://127.0.0.1:1@evil.example/callback',
      'http://127.0.0.1:x/callback',
    ])
      expectPage(await setting.ask(native, { redirect_uri: uri }));
  },
);

requirement(
  '4.2.4',
  'authorization codes MUST be invalidated after their first use at the token endpoint',
  async () => {
    const code = await setting.code(client);
    expect((await setting.redeem(client, code)).status).toBe(200);
    expectError(await setting.redeem(client, code), 400, 'invalid_grant');
    const failed = await setting.code(client);
    expectError(
      await setting.redeem(client, failed, { code_verifier: 'x'.repeat(43) }),
      400,
      'invalid_grant',
    );
    expectError(await setting.redeem(client, failed), 400, 'invalid_grant');
  },
);

requirement(
  '4.3.2',
  'clients MUST NOT pass access tokens in a URI query parameter (it is refused, the token being good or not)',
  async () => {
    const token = await setting.ownToken();
    for (const path of ['/pam/v1/users', '/api/v1/clients']) {
      const { status, body } = await setting.env.anonymous.get(`${path}?access_token=${token}`);
      expect(status).toBe(400);
      expect(body.code).toBe('invalid_request');
    }
    const posted = await setting.env.anonymous.post(`/oauth2/introspect?access_token=${token}`, {
      body: new URLSearchParams({ token }),
    });
    expectError(posted, 400, 'invalid_request');
    const answer = await setting.ask(client, { access_token: token });
    expect(answer.location ?? '').not.toContain(token);
  },
);

requirement(
  '4.4.2.1',
  'the "iss" value MUST be evaluated according to RFC 9207 (every authorization response names its issuer)',
  async () => {
    const { issuer, authorization_response_iss_parameter_supported: announced } = await setting.metadata();
    expect(announced).toBe(true);
    const { searchParams } = await setting.response(client);
    expect(searchParams.get('iss')).toBe(issuer);
    const { location } = await setting.ask(client, { response_type: 'token' });
    expect(new URL(location!).searchParams.get('iss')).toBe(issuer);
  },
);

requirement(
  '4.7.1',
  'the authorization server MUST provide a way to detect their support for PKCE',
  async () => {
    const { code_challenge_methods_supported: methods } = await setting.metadata();
    expect(methods).toEqual(['S256']);
    const downgraded = await setting.ask(client, { code_challenge_method: 'plain' });
    expectErrorRedirect(downgraded, 'invalid_request');
  },
);

requirement(
  '4.8.2',
  'the authorization server MUST ensure that if there was no "code_challenge" in the authorization request, a token request containing a "code_verifier" is rejected',
  async () => {
    const lenient = await setting.registerConfidential({ require_pkce: false });
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    const code = await setting.code(lenient, without);
    expectError(await setting.redeem(lenient, code), 400, 'invalid_grant');
    const plain = await setting.code(lenient, without);
    expect((await setting.redeem(lenient, plain, { code_verifier: undefined })).status).toBe(200);
    const { status } = await setting.env.admin.post('/api/v1/clients', {
      body: {
        name: unique('c'),
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'none',
        require_pkce: false,
        redirect_uris: [REDIRECT_URI],
      },
    });
    const native = await setting.registerPublic();
    if (status === 201) expectErrorRedirect(await setting.ask(native, without), 'invalid_request');
  },
);

requirement(
  '4.11.2',
  'the authorization server MUST take precautions against its use as an open redirector (redirection URIs come from administrators alone, and nothing leads to another)',
  async () => {
    const registration = { body: { name: unique('c'), redirect_uris: ['https://phishing.example/'] } };
    expect((await setting.env.anonymous.post('/api/v1/clients', registration)).status).toBe(401);
    const reader = ApiClient.bearer(setting.env.url, await setting.ownToken());
    expect((await reader.post('/api/v1/clients', registration)).status).toBe(403);
    expectPage(await setting.ask(client, { redirect_uri: 'https://phishing.example/', scope: 'nonsense' }));
  },
);

requirement(
  '4.12',
  'authorization servers that redirect a request that potentially contains the user’s credentials MUST NOT use the HTTP 307 status code (303)',
  async () => {
    const browser = new Browser(setting.env.url);
    const asked = await setting.ask(client, { prompt: 'consent' }, browser);
    const page = await setting.follow(asked, browser);
    const signedIn = await browser.submit(page, '/oauth2/sign-in', setting.person);
    const consent = await setting.follow(signedIn, browser);
    const allowed = await browser.submit(consent, '/oauth2/consent', { decision: 'allow' });
    const failed = await setting.ask(client, { scope: 'nonsense' }, browser);
    const signedOut = await browser.signOut();
    expect([asked, signedIn, allowed, failed, signedOut].map(({ status }) => status)).toEqual(
      Array.from({ length: 5 }, () => 303),
    );
  },
);

requirement(
  '4.13',
  'a reverse proxy MUST sanitize any inbound requests (Postern believes no forwarded header of an address that is no proxy of its own)',
  async () => {
    const { env } = setting;
    const limited = await setting.registerConfidential({ allowed_cidrs: ['203.0.113.0/24'] });
    const { status } = await ApiClient.basic(env.url, limited.clientId, limited.clientSecret).post(
      '/oauth2/token',
      {
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
        headers: { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=203.0.113.5' },
      },
    );
    expect(status).toBe(401);
    const [event] = await auditEvents(env, 'client_authentication.failed', `&client_id=${limited.clientId}`);
    expect(event.ip).not.toBe('203.0.113.5');
  },
);

requirement(
  '4.14.2',
  'authorization servers MUST determine, based on a risk assessment, whether to issue refresh tokens to a certain client (only where it is registered for them)',
  async () => {
    const without = await setting.registerConfidential({
      grant_types: ['authorization_code', 'client_credentials'],
    });
    const { status, body } = await setting.redeem(without, await setting.code(without));
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('refresh_token');
    const own = await setting.tokenRequest(client, { grant_type: 'client_credentials' });
    expect(own.body).not.toHaveProperty('refresh_token');
    const { refresh_token: refreshToken } = await setting.tokens(client);
    await setting.env.admin.patch(`/api/v1/clients/${without.clientId}`, {
      body: { grant_types: ['client_credentials'] },
    });
    expectError(await setting.refresh(without, refreshToken), 400, 'unauthorized_client');
  },
);

requirement(
  '4.14.2',
  'refresh tokens MUST be bound to the scope and resource servers as consented by the resource owner',
  async () => {
    const { refresh_token: refreshToken } = await setting.tokens(client, { scope: 'users:read' });
    const wider = await setting.refresh(client, refreshToken, { scope: 'users:read devices:read' });
    expectError(wider, 400, 'invalid_scope');
    const { body } = await setting.refresh(client, refreshToken);
    expect(body.scope).toBe('users:read');
    expect(await setting.use(body.access_token, '/pam/v1/devices')).toBe(403);
  },
);

requirement(
  '4.14.2',
  'authorization servers MUST utilize one of these methods to detect refresh token replay for public clients: rotation, which revokes the active refresh token',
  async () => {
    const { refresh_token: stolen } = await setting.tokens(setting.native);
    const rotated = (await setting.refresh(setting.native, stolen)).body;
    const again = (await setting.refresh(setting.native, rotated.refresh_token)).body;
    expect(await setting.use(again.access_token)).toBe(200);
    try {
      // Beyond the grace that one client's refreshes at the same time are given.
      setting.env.clock.advance(600);
      expectError(await setting.refresh(setting.native, stolen), 400, 'invalid_grant');
      expectError(await setting.refresh(setting.native, again.refresh_token), 400, 'invalid_grant');
      expect(await setting.use(again.access_token)).toBe(401);
    } finally {
      setting.env.clock.set(new Date());
    }
  },
);

requirement(
  '4.15.1',
  'authorization servers MUST provide other means for the resource server to distinguish a client’s token from a person’s (SHOULD NOT allow clients to influence a client_id that could be confused)',
  async () => {
    const { body: ofPerson } = await setting.introspect({
      token: (await setting.tokens(client)).access_token,
    });
    const { body: ofClient } = await setting.introspect({ token: await setting.ownToken() });
    expect(ofPerson.sub).toMatch(/^operator:[0-9a-f-]{36}$/);
    expect(ofClient.sub).toBe(client.clientId);
    const { status, body } = await setting.env.admin.post('/api/v1/clients', {
      body: { name: unique('c'), client_id: ofPerson.sub },
    });
    expect([status, body.errors[0].field]).toEqual([400, 'client_id']);
  },
);

requirement('4.16', 'authorization servers MUST prevent clickjacking attacks', async () => {
  const stranger = new Browser(setting.env.url);
  const asked = await setting.ask(client, { prompt: 'consent' });
  for (const answer of [
    asked,
    await setting.follow(asked),
    await setting.follow(await setting.ask(client, {}, stranger), stranger),
    await stranger.get('/oauth2/sign-in'),
    await setting.browser.get('/oauth2/consents'),
    await setting.ask(client, { redirect_uri: OTHER_URI }),
    await stranger.get('/oauth2/consent?request=x'),
  ]) {
    expect(answer.headers.get('x-frame-options')?.toUpperCase()).toBe('DENY');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
});

requirement(
  '4.17.2',
  'wildcard origins like "*" in postMessage MUST NOT be used (no page runs a script, and no answer is posted)',
  async () => {
    const page = await setting.follow(await setting.ask(client, { prompt: 'consent' }));
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/<script|postMessage/i);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const answer = await setting.ask(client, { response_mode: 'web_message' });
    expectErrorRedirect(answer, 'invalid_request');
  },
);
