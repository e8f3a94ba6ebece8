import { afterAll, beforeAll, expect } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { requirementsOf } from './requirement.js';
import {
  allow,
  altered,
  expectError,
  expectPage,
  OTHER_URI,
  REDIRECT_URI,
  Setting,
  WRONG_SECRET,
  type Client,
} from './setting.js';

const requirement = requirementsOf(6749);

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create();
  client = setting.confidential;
});
afterAll(() => setting.close());

/** The tables in which a text lies, in whatever column. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows: tables } = await setting.env.database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const holding: string[] = [];
  for (const { name } of tables) {
    const { rows } = await setting.env.database.query(
      `SELECT 1 FROM "${name}" AS entry WHERE position($1 IN entry::text) > 0 LIMIT 1`,
      [text],
    );
    if (rows.length > 0) holding.push(name);
  }
  return holding;
}

requirement(
  '10.1',
  'the authorization server MUST NOT issue client passwords to native or user-agent-based application clients (public clients)',
  async () => {
    const { clientId } = setting.native;
    const seen = await setting.env.admin.get(`/api/v1/clients/${clientId}/secrets`);
    expect(seen.body?.items ?? []).toEqual([]);
    const rotated = await setting.env.admin.post(`/api/v1/clients/${clientId}/secrets`, { body: {} });
    expect(rotated.status).toBeGreaterThanOrEqual(400);
    expect(rotated.status).toBeLessThan(500);
    expect(rotated.text).not.toContain('psc_');
    const registered = await setting.env.admin.post('/api/v1/clients', {
      body: {
        name: `native ${clientId}`,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        redirect_uris: ['com.example.app:/callback'],
      },
    });
    expect(registered.status).toBe(201);
    expect(registered.body).not.toHaveProperty('client_secret');
  },
);

requirement('10.2', 'the authorization server MUST authenticate the client whenever possible', async () => {
  for (const clientSecret of [undefined, WRONG_SECRET]) {
    const impostor = { clientId: client.clientId, clientSecret };
    expectError(await setting.revoke(impostor, { token: 'any' }), 401, 'invalid_client');
    expectError(await setting.refresh(impostor, 'any'), 401, 'invalid_client');
  }
});

requirement(
  '10.2',
  'if the authorization server cannot authenticate the client, it MUST require the registration of any redirection URI used for receiving authorization responses',
  async () => {
    for (const uri of [OTHER_URI, 'com.example.app:/callback', 'http://127.0.0.1:8080/callback'])
      expectPage(await setting.ask(setting.native, { redirect_uri: uri }));
  },
);

requirement('10.3', 'access token credentials MUST be kept confidential in storage', async () => {
  const token = (await setting.tokens(client)).access_token;
  const own = await setting.ownToken();
  expect(await tablesWith(client.clientId)).toContain('clients');
  for (const secret of [token, own, client.clientSecret]) expect(await tablesWith(secret)).toEqual([]);
});

requirement(
  '10.3',
  'the authorization server MUST ensure that access tokens cannot be generated, modified, or guessed to produce valid access tokens',
  async () => {
    const token = await setting.ownToken();
    expect(await setting.use(token)).toBe(200);
    const { code } = await setting.code(client);
    const { refresh_token: refreshToken } = await setting.tokens(client);
    for (const invalid of [altered(token), `${token}A`, token.slice(0, -1), code, refreshToken])
      expect(await setting.use(invalid)).toBe(401);
  },
);

requirement('10.4', 'refresh tokens MUST be kept confidential in storage', async () => {
  const { refresh_token: refreshToken } = await setting.tokens(client);
  const rotated = await setting.refresh(client, refreshToken);
  expect(await tablesWith(refreshToken)).toEqual([]);
  expect(await tablesWith(rotated.body.refresh_token)).toEqual([]);
});

requirement(
  '10.4',
  'the authorization server MUST maintain the binding between a refresh token and the client to whom it was issued, and verify it',
  async () => {
    const other = await setting.registerConfidential();
    let { refresh_token: refreshToken } = await setting.tokens(client);
    for (let rotation = 0; rotation < 3; rotation += 1) {
      expectError(await setting.refresh(other, refreshToken), 400, 'invalid_grant');
      const { status, body } = await setting.refresh(client, refreshToken);
      expect(status).toBe(200);
      refreshToken = body.refresh_token;
    }
  },
);

requirement(
  '10.4',
  'the authorization server MUST ensure that refresh tokens cannot be generated, modified, or guessed to produce valid refresh tokens',
  async () => {
    const { refresh_token: refreshToken } = await setting.tokens(client);
    for (const invalid of [altered(refreshToken), `${refreshToken}A`, refreshToken.slice(0, -1)])
      expectError(await setting.refresh(client, invalid), 400, 'invalid_grant');
    expect((await setting.refresh(client, refreshToken)).status).toBe(200);
  },
);

requirement('10.5', 'authorization codes MUST be short lived and single-use', async () => {
  const redeemed = await setting.code(client);
  const kept = await setting.code(client);
  expect(await tablesWith(kept.code)).toEqual([]);
  const answers = await Promise.all([1, 2, 3, 4].map(() => setting.redeem(client, redeemed)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  try {
    setting.env.clock.advance(61);
    expectError(await setting.redeem(client, kept), 400, 'invalid_grant');
  } finally {
    setting.env.clock.set(new Date());
  }
});

requirement(
  '10.5',
  'if the client can be authenticated, the authorization server MUST authenticate the client and ensure that the authorization code was issued to the same client',
  async () => {
    const code = await setting.code(client);
    const other = await setting.registerConfidential();
    expectError(await setting.redeem(other, code), 400, 'invalid_grant');
    expectError(await setting.redeem(other, code, { client_id: client.clientId }), 401, 'invalid_client');
    expect((await setting.redeem(client, code)).status).toBe(200);
  },
);

requirement(
  '10.6',
  'the authorization server MUST ensure that the redirection URI used to obtain the authorization code is identical to the one provided when exchanging it',
  async () => {
    const several = await setting.registerConfidential({ redirect_uris: [REDIRECT_URI, OTHER_URI] });
    const { code } = await setting.code(several, { redirect_uri: OTHER_URI });
    expectError(await setting.redeem(several, { code, redirectUri: REDIRECT_URI }), 400, 'invalid_grant');
    const other = await setting.code(several, { redirect_uri: OTHER_URI });
    expect((await setting.redeem(several, other)).status).toBe(200);
  },
);

requirement(
  '10.6',
  'the authorization server MUST require public clients and SHOULD require confidential clients to register their redirection URIs, and MUST validate one in the request against the registered value',
  async () => {
    const unregistered = await setting.registerConfidential({
      grant_types: ['authorization_code', 'client_credentials'],
      redirect_uris: [REDIRECT_URI],
    });
    for (const one of [unregistered, setting.native]) {
      expectPage(await setting.ask(one, { redirect_uri: OTHER_URI }));
      expectPage(await setting.ask(one, { redirect_uri: 'https://evil.example/callback' }));
    }
  },
);

requirement(
  '10.10',
  'the probability of an attacker guessing generated tokens MUST be less than or equal to 2^(-128)',
  async () => {
    const secrets: string[][] = [[], [], []];
    for (let n = 0; n < 20; n += 1) {
      const { access_token: accessToken, refresh_token: refreshToken } = await setting.tokens(client);
      secrets[0]!.push(accessToken);
      secrets[1]!.push(refreshToken);
      secrets[2]!.push((await setting.code(client)).code);
    }
    for (const ofOneKind of secrets) {
      const length = Math.min(...ofOneKind.map((secret) => secret.length));
      const varied = Array.from({ length }, (_, at) => new Set(ofOneKind.map((secret) => secret[at])).size);
      // 6 bits a character; of 20 random ones at a place, half are different at the very least.
      expect(varied.filter((values) => values >= 10).length * 6).toBeGreaterThanOrEqual(256);
    }
  },
);

requirement(
  '10.12',
  'the authorization server MUST implement CSRF protection for its authorization endpoint',
  async () => {
    const page = await setting.follow(await setting.ask(client, { prompt: 'consent' }));
    const fields = page.forms.find(({ action }) => action === '/oauth2/consent')!.fields;
    const hidden = Object.entries(fields).filter(([, value]) => value.length >= 40);
    expect(hidden.length).toBeGreaterThan(0);
    for (const [name, value] of hidden)
      for (const forged of [undefined, altered(value)]) {
        const post = { ...fields, decision: 'allow', [name]: forged };
        expect((await setting.browser.post('/oauth2/consent', post)).location).toBeNull();
      }
    const elsewhere = new Browser(setting.env.url);
    expect((await elsewhere.post('/oauth2/sign-in', setting.person)).location).toBeNull();
    expect((await elsewhere.get('/oauth2/sign-in')).text).toContain('type="password"');
    expect((await allow(setting.browser, page)).location).toContain('code=');
  },
);

requirement(
  '10.12',
  'the authorization server MUST ensure that a malicious client cannot obtain authorization without the awareness and explicit consent of the resource owner',
  async () => {
    const unknown = await setting.registerConfidential();
    const page = await setting.follow(await setting.ask(unknown));
    expect([page.status, page.location]).toEqual([200, null]);
    expect(page.text).toContain(setting.person.username);
    const silent = await setting.ask(unknown, { prompt: 'none' });
    expect((await setting.follow(silent)).location).toContain('error=consent_required');
    await setting.response(unknown, { scope: 'users:read' });
    // More than what was allowed is asked for anew.
    expect(
      (await setting.follow(await setting.ask(unknown, { scope: 'users:read devices:read' }))).status,
    ).toBe(200);
  },
);

requirement(
  '10.14',
  'the authorization server MUST sanitize (and validate when possible) any value received, in particular "state" and "redirect_uri"',
  async () => {
    const script = '"><script>alert(1)</script>';
    for (const page of [
      await setting.ask(client, { redirect_uri: `https://evil.example/${script}`, state: script }),
      await setting.ask({ clientId: script }, { state: script }),
      await setting.follow(await setting.ask(client, { state: script, prompt: 'consent' })),
    ])
      expect(page.text).not.toContain('<script');
    const split = 'x\r\nSet-Cookie: injected=1';
    const answer = await setting.ask(client, { state: split, scope: 'nonsense' });
    expect(answer.headers.getSetCookie().join()).not.toContain('injected');
    expect(new URL(answer.location!).searchParams.get('state')).toBe(split);
  },
);

requirement(
  'B',
  'names and values MUST be encoded using the UTF-8 character encoding scheme first',
  async () => {
    const state = 'Grüße 😀 & mehr';
    expect((await setting.response(client, { state })).searchParams.get('state')).toBe(state);
    const query = setting.authorizationRequest(client, { state: undefined });
    expectPage(await setting.browser.get(`/oauth2/authorize?${query}&state=%fc`));
  },
);
