import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { Browser } from '../support/browser.js';
import { requirementsOf } from './requirement.js';
import { altered, expectError, Setting, WRONG_SECRET, type Client } from './setting.js';

const LIMIT = 5;
const GRANT = { grant_type: 'client_credentials' };

let setting: Setting;
let client: Required<Client>;
beforeAll(async () => {
  setting = await Setting.create({ POSTERN_RATE_LIMIT_FAILURES: String(LIMIT) });
});
afterAll(() => setting.close());
// What failed in one test is a minute ago in the next.
afterEach(() => setting.env.clock.advance(61));

requirementsOf(6749)(
  '2.3.1',
  'the authorization server MUST protect any endpoint utilizing a client password against brute force attacks',
  async () => {
    for (const path of ['token', 'revoke', 'introspect']) {
      client = await setting.registerConfidential();
      const request = (clientSecret: string) =>
        ApiClient.basic(setting.env.url, client.clientId, clientSecret).post(`/oauth2/${path}`, {
          body: new URLSearchParams({ ...GRANT, token: 'any' }),
        });
      for (let n = 0; n < LIMIT; n += 1) expectError(await request(WRONG_SECRET), 401, 'invalid_client');
      const locked = await request(client.clientSecret);
      expectError(locked, 429, 'temporarily_unavailable');
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
      setting.env.clock.advance(61);
      expect((await request(client.clientSecret)).status).not.toBe(429);
    }
  },
);

requirementsOf(6749)(
  '10.10',
  'the authorization server MUST prevent attackers from guessing access tokens, authorization codes, refresh tokens, resource owner passwords, and client credentials',
  async () => {
    client = await setting.registerConfidential();
    const code = await setting.code(client);
    for (let n = 0; n < LIMIT; n += 1) {
      const impostor = { ...client, clientSecret: `${WRONG_SECRET}-${n}` };
      expectError(await setting.redeem(impostor, code), 401, 'invalid_client');
    }
    expectError(await setting.redeem(client, code), 429, 'temporarily_unavailable');
    setting.env.clock.advance(61);
    const token = await setting.ownToken(client);
    expect(await setting.use(altered(token))).toBe(401);
    expect(await setting.use(token)).toBe(200);
  },
);

requirementsOf(6749)(
  '10.10',
  'the authorization server MUST utilize other means to protect credentials intended for end-user usage (sign-in is throttled, and nobody is locked out from elsewhere)',
  async () => {
    const browser = new Browser(setting.env.url);
    const signIn = (password: string, username = setting.person.username) =>
      browser.signIn(username, password);
    for (let n = 0; n < LIMIT; n += 1) expect((await signIn(WRONG_SECRET)).location).toBeNull();
    const locked = await signIn(setting.person.password);
    expect([locked.status, locked.location]).toEqual([429, null]);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
    setting.env.clock.advance(61);
    expect((await signIn(setting.person.password)).status).toBe(303);
    const short = await setting.env.admin.post('/api/v1/operators', {
      body: { username: 'short', password: 'a1B!', role: 'user' },
    });
    expect(short.status).toBe(400);
  },
);

requirementsOf(7009)(
  '5',
  'appropriate countermeasures against guessing, as at the token endpoint, MUST be applied to the revocation endpoint',
  async () => {
    client = await setting.registerConfidential();
    const token = await setting.ownToken(client);
    const impostor = { ...client, clientSecret: WRONG_SECRET };
    for (let n = 0; n < LIMIT; n += 1)
      expectError(await setting.revoke(impostor, { token }), 401, 'invalid_client');
    expectError(await setting.revoke(impostor, { token }), 429, 'temporarily_unavailable');
    expect(await setting.use(token)).toBe(200);
  },
);
