import { afterAll, beforeAll, expect } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { Browser } from '../support/browser.js';
import { requirementsOf } from './requirement.js';
import { altered, Setting } from './setting.js';

const requirement = requirementsOf(6750);
const USERS = '/pam/v1/users';

let setting: Setting;
let token: string;
beforeAll(async () => {
  setting = await Setting.create();
  token = await setting.ownToken();
});
afterAll(() => setting.close());

/** The attributes of a challenge, in the order in which they come. */
function attributesOf({ headers }: ApiResponse): [string, string][] {
  const challenge = headers.get('www-authenticate') ?? '';
  return [...challenge.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]);
}

/** One answer for each of the ways in which a protected resource refuses. */
async function refusals(): Promise<ApiResponse[]> {
  const { anonymous, url } = setting.env;
  const withHeader = (authorization: string) => anonymous.get(USERS, { headers: { authorization } });
  return [
    await ApiClient.bearer(url, altered(token)).get(USERS),
    await withHeader('Bearer \u00fc"'),
    await withHeader('Bearer a b'),
    await ApiClient.bearer(url, token).get('/pam/v1/accounts'),
    await anonymous.get(`${USERS}?access_token=${token}`),
  ];
}

requirement('2', 'clients MUST NOT use more than one method to transmit the token', async () => {
  const bearer = ApiClient.bearer(setting.env.url, token);
  const answer = await bearer.get(`${USERS}?access_token=${token}`);
  expect(answer.status).toBe(400);
  expect(attributesOf(answer)).toContainEqual(['error', 'invalid_request']);
});

requirement(
  '2.1',
  'resource servers MUST support this method (the Authorization request header)',
  async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const { status } = await setting.env.anonymous.get(USERS, {
        headers: { authorization: `${scheme} ${token}` },
      });
      expect(status).toBe(200);
    }
  },
);

requirement(
  '2.2',
  'the client MUST NOT use this method (the form-encoded body) unless all conditions are met; the GET method MUST NOT be used (Postern takes no token in a body)',
  async () => {
    const { status, text } = await setting.env.anonymous.post('/oauth2/introspect', {
      body: new URLSearchParams({ access_token: token, token }),
    });
    expect([400, 401]).toContain(status);
    expect(text).not.toContain('"active"');
    const read = await setting.env.anonymous.post(USERS, {
      body: new URLSearchParams({ access_token: token }),
    });
    expect(read.status).toBeGreaterThanOrEqual(400);
  },
);

requirement(
  '3',
  'without credentials, or without a token that enables access, the resource server MUST include the HTTP "WWW-Authenticate" response header',
  async () => {
    for (const { status, headers } of [await setting.env.anonymous.get(USERS), ...(await refusals())]) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers.get('www-authenticate')).toEqual(expect.any(String));
    }
  },
);

requirement('3', 'all challenges MUST use the auth-scheme value "Bearer"', async () => {
  for (const { headers } of [await setting.env.anonymous.get(USERS), ...(await refusals())])
    expect(headers.get('www-authenticate')).toMatch(/^Bearer( |$)/);
});

requirement(
  '3',
  'the scheme MUST be followed by one or more auth-param values (where the request held credentials)',
  async () => {
    for (const answer of await refusals()) expect(attributesOf(answer).length).toBeGreaterThan(0);
  },
);

requirement(
  '3',
  'the "realm", "scope", "error", "error_description" and "error_uri" attributes MUST NOT appear more than once',
  async () => {
    for (const answer of await refusals()) {
      const names = attributesOf(answer).map(([name]) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  },
);

requirement(
  '3',
  'values for the "scope" attribute MUST NOT include characters outside the set %x21 / %x23-5B / %x5D-7E and %x20 for delimiters',
  async () => {
    const answer = await ApiClient.bearer(setting.env.url, token).get('/pam/v1/accounts');
    expect(answer.status).toBe(403);
    expect(attributesOf(answer)).toContainEqual(['error', 'insufficient_scope']);
    expect(new Map(attributesOf(answer)).get('scope')).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  },
);

requirement(
  '3',
  'values for the "error" and "error_description" attributes MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E',
  async () => {
    for (const answer of await refusals()) {
      const attributes = new Map(attributesOf(answer));
      expect(attributes.get('error')).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(attributes.get('error_description')).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(answer.headers.get('www-authenticate')).not.toContain('\\');
    }
  },
);

requirement('5.2', 'references (opaque tokens) MUST be infeasible for an attacker to guess', async () => {
  const tokens = await Promise.all(Array.from({ length: 20 }, () => setting.ownToken()));
  const length = Math.min(...tokens.map((one) => one.length));
  const varied = Array.from({ length }, (_, at) => new Set(tokens.map((one) => one[at])).size);
  expect(varied.filter((values) => values >= 10).length * 6).toBeGreaterThanOrEqual(256);
});

requirement(
  '5.2',
  'the token integrity protection MUST be sufficient to prevent the token from being modified (JWTs: signed, "none" and the public key as a secret are refused)',
  async () => {
    const client = await setting.registerConfidential({ access_token_format: 'jwt' });
    const jwt = await setting.ownToken(client);
    expect(await setting.use(jwt)).toBe(200);
    const [header, payload, signature] = jwt.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    for (const forged of [
      `${header}.${encoded({ ...claims, exp: claims.exp + 60 })}.${signature}`,
      `${header}.${encoded({ ...claims, scope: 'clients:write' })}.${signature}`,
      `${encoded({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${header}.${payload}.`,
      `${header}.${payload}.${altered(signature)}`,
    ])
      expect(await setting.use(forged)).toBe(401);
  },
);

requirement('5.2', 'the lifetime of the token MUST be limited', async () => {
  const { body } = await setting.tokenRequest(setting.confidential, { grant_type: 'client_credentials' });
  expect(body.expires_in).toBe(3600);
  for (const settings of [{ access_token_ttl: 0 }, { access_token_ttl: 31_536_000 }]) {
    const { status } = await setting.env.admin.post('/api/v1/clients', {
      body: { name: 'limitless', ...settings },
    });
    expect(status).toBe(400);
  }
  const endless = await setting.env.admin.post(`/api/v1/clients/${setting.confidential.clientId}/tokens`, {
    body: {},
  });
  expect(endless.status).toBe(400);
  try {
    setting.env.clock.advance(3601);
    expect(await setting.use(body.access_token)).toBe(401);
  } finally {
    setting.env.clock.set(new Date());
  }
});

requirement('5.2', 'bearer tokens MUST NOT be stored in cookies that can be sent in the clear', async () => {
  const browser = new Browser(setting.env.url);
  await browser.signIn(setting.person.username, setting.person.password);
  const tokens = await setting.tokens(setting.native, {}, browser);
  expect(browser.cookies.size).toBeGreaterThan(0);
  for (const value of browser.cookies.values()) {
    expect([tokens.access_token, tokens.refresh_token]).not.toContain(value);
    expect(await setting.use(value)).toBe(401);
  }
  const { status } = await setting.env.anonymous.get(USERS, {
    headers: { cookie: `access_token=${token}; token=${token}` },
  });
  expect(status).toBe(401);
});
