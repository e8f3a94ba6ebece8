import { afterAll, beforeAll, expect } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Browser } from '../support/browser.js';
import { unique } from '../support/create-test-environment.js';
import { requirementsOf } from './requirement.js';
import {
  CHALLENGE,
  expectError,
  expectErrorRedirect,
  expectPage,
  REDIRECT_URI,
  Setting,
  VERIFIER,
  type Client,
} from './setting.js';

const requirement = requirementsOf(9700);
const WITHOUT_PKCE = { code_challenge: undefined, code_challenge_method: undefined };
const ORIGIN = 'https://spa.example.com';

let setting: Setting;
let client: Required<Client>;
/** Allowed to leave PKCE out. */
let lenient: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create({ POSTERN_CORS_ORIGINS: ORIGIN });
  client = setting.confidential;
  lenient = await setting.registerConfidential({ require_pkce: false });
  await setting.code(client);
});
afterAll(() => setting.close());

const registration = (fields: Record<string, unknown>) =>
  setting.env.admin.post('/api/v1/clients', {
    body: { name: unique('c'), grant_types: ['authorization_code'], ...fields },
  });

requirement(
  '2.1',
  'when comparing redirection URIs, authorization servers MUST utilize exact string matching except for port numbers of native apps',
  async () => {
    for (const uri of [`${REDIRECT_URI}/`, `${REDIRECT_URI}?x=1`, 'https://app.example.com:443/callback'])
      expectPage(await setting.ask(client, { redirect_uri: uri }));
    for (const uri of ['https://*.example.com/callback', 'https://app.example.com/*'])
      expect((await registration({ redirect_uris: [uri] })).status).toBe(400);
    const native = await setting.registerPublic({ redirect_uris: ['http://127.0.0.1/callback'] });
    const uri = 'http://127.0.0.1:51004/callback';
    expect((await setting.response(native, { redirect_uri: uri })).href).toContain(`${uri}?`);
  },
);

requirement(
  '2.1',
  'authorization servers MUST NOT expose URLs that forward the user’s browser to arbitrary URIs obtained from a query parameter (open redirectors)',
  async () => {
    const evil = encodeURIComponent('https://evil.example/');
    const query = ['redirect_uri', 'request', 'return_to', 'next', 'url', 'continue']
      .map((name) => `${name}=${evil}`)
      .join('&');
    const browser = new Browser(setting.env.url);
    for (const path of ['authorize', 'sign-in', 'sign-out', 'consent', 'consents']) {
      const { location } = await browser.get(`/oauth2/${path}?${query}`);
      expect(location ?? '').not.toContain('evil.example');
      const posted = await setting.browser.post(`/oauth2/${path}?${query}`, {
        ...setting.person,
        return_to: 'https://evil.example/',
      });
      expect(posted.location ?? '').not.toContain('evil.example');
    }
    expectPage(await setting.ask(client, { redirect_uri: 'https://evil.example/' }));
  },
);

requirement(
  '2.1',
  'an authorization server that redirects a request potentially containing user credentials MUST avoid forwarding these user credentials',
  async () => {
    const browser = new Browser(setting.env.url);
    const page = await setting.follow(await setting.ask(client, {}, browser), browser);
    const signedIn = await browser.submit(page, '/oauth2/sign-in', setting.person);
    expect([signedIn.status, signedIn.location]).toEqual([
      303,
      expect.stringMatching(/^\/oauth2\/consent\?/),
    ]);
    expect(signedIn.location).not.toContain(setting.person.username);
    const { location } = await setting.follow(signedIn, browser);
    expect(location).toContain(`${REDIRECT_URI}?`);
    for (const credential of Object.values(setting.person))
      expect(decodeURIComponent(location!.replaceAll('+', ' '))).not.toContain(credential);
  },
);

requirement('2.1.1', 'authorization servers MUST support PKCE', async () => {
  const code = await setting.code(client, { code_challenge: CHALLENGE, code_challenge_method: 'S256' });
  expect((await setting.redeem(client, code, { code_verifier: VERIFIER })).status).toBe(200);
});

requirement(
  '2.1.1',
  'if a client sends a valid "code_challenge", the authorization server MUST enforce the correct usage of "code_verifier" at the token endpoint',
  async () => {
    for (const one of [client, lenient])
      for (const verifier of [undefined, VERIFIER.toLowerCase()])
        expectError(
          await setting.redeem(one, await setting.code(one), { code_verifier: verifier }),
          400,
          'invalid_grant',
        );
  },
);

requirement(
  '2.1.1',
  'authorization servers MUST mitigate PKCE downgrade attacks: a "code_verifier" is accepted only if a "code_challenge" was present in the authorization request',
  async () => {
    for (const one of [client, setting.native])
      expectErrorRedirect(await setting.ask(one, WITHOUT_PKCE), 'invalid_request');
    const code = await setting.code(lenient, WITHOUT_PKCE);
    expectError(await setting.redeem(lenient, code), 400, 'invalid_grant');
  },
);

requirement(
  '2.1.1',
  'authorization servers MUST provide a way to detect their support for PKCE',
  async () => {
    expect((await setting.metadata()).code_challenge_methods_supported).toEqual(['S256']);
  },
);

requirement(
  '2.2.2',
  'refresh tokens for public clients MUST be sender-constrained or use refresh token rotation',
  async () => {
    const { refresh_token: first } = await setting.tokens(setting.native);
    const { status, body } = await setting.refresh(setting.native, first);
    expect(status).toBe(200);
    expect(body.refresh_token).toEqual(expect.any(String));
    expect(body.refresh_token).not.toBe(first);
    try {
      setting.env.clock.advance(600);
      expectError(await setting.refresh(setting.native, first), 400, 'invalid_grant');
    } finally {
      setting.env.clock.set(new Date());
    }
  },
);

requirement(
  '2.3',
  'if the access token was not meant to be used for that particular resource server, it MUST refuse to serve the request',
  async () => {
    const signed = await setting.registerConfidential({ access_token_format: 'jwt' });
    const jwt = await setting.ownToken(signed);
    expect(decodeJwt(jwt).aud).toBe(setting.env.url);
    expect(await setting.use(jwt)).toBe(200);
    const [header, payload, signature] = jwt.split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString());
    for (const elsewhere of [{ aud: 'https://other.example' }, { iss: 'https://other.example' }]) {
      const other = Buffer.from(JSON.stringify({ ...claims, ...elsewhere })).toString('base64url');
      expect(await setting.use(`${header}.${other}.${signature}`)).toBe(401);
    }
    const narrow = await setting.env.token(client.clientId, client.clientSecret, { scope: 'devices:read' });
    expect(await setting.use(narrow, '/pam/v1/users')).toBe(403);
  },
);

requirement('2.4', 'the resource owner password credentials grant MUST NOT be used', async () => {
  const password = { grant_type: 'password', ...setting.person, scope: 'users:read' };
  for (const one of [client, setting.native])
    expectError(await setting.tokenRequest(one, password), 400, 'unsupported_grant_type');
  expect((await setting.metadata()).grant_types_supported).not.toContain('password');
  expect((await registration({ grant_types: ['password'] })).status).toBe(400);
});

requirement(
  '2.6',
  'authorization servers MUST NOT allow redirection URIs that use the "http" scheme except for native clients that use loopback interface redirection',
  async () => {
    for (const uri of [
      'http://app.example.com/callback',
      'HTTP://app.example.com/callback',
      'http://localhost/callback',
      'http://127.0.0.1.example.com/callback',
      'http://127.1/callback',
      'http://10.0.0.1/callback',
    ])
      expect((await registration({ redirect_uris: [uri] })).status).toBe(400);
    for (const uri of ['http://127.0.0.1:8080/callback', 'http://[::1]/callback'])
      expect((await registration({ redirect_uris: [uri] })).status).toBe(201);
  },
);

requirement(
  '2.6',
  'with in-browser communication techniques, both the initiator and receiver of the in-browser message MUST be strictly verified (there is none: an answer is a redirect)',
  async () => {
    for (const mode of ['web_message', 'form_post', 'fragment', 'jwt'])
      expectErrorRedirect(await setting.ask(client, { response_mode: mode }), 'invalid_request');
    expect((await setting.metadata()).response_modes_supported).toEqual(['query']);
  },
);

requirement('2.6', 'CORS MUST NOT be supported at the authorization endpoint', async () => {
  const path = `/oauth2/authorize?${setting.authorizationRequest(client)}`;
  const headers = { origin: ORIGIN };
  const { anonymous } = setting.env;
  // It is supported elsewhere.
  const elsewhere = await anonymous.get('/pam/v1/users', { headers });
  expect(elsewhere.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  for (const answer of [
    await anonymous.get(path, { headers }),
    await anonymous.request('OPTIONS', path, {
      headers: { ...headers, 'access-control-request-method': 'GET' },
    }),
    await anonymous.get('/oauth2/sign-in', { headers }),
    await anonymous.get('/oauth2/consent?request=x', { headers }),
  ])
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});
