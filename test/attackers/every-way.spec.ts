import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '../support/api-client.js';
import { asking, CALLBACK, codeFor, VERIFIER } from '../authorize/asking.js';
import { signedIn, type Browser } from '../support/browser.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { rawRequest, type RawAnswer } from '../support/raw-request.js';

/** Where the client may act from, and where not. */
const HERE = '192.0.2.7';
const ALLOWED = ['192.0.2.0/24', '127.0.0.1'];
const PAST = new Date(Date.now() - 60_000).toISOString();
const FUTURE = new Date(Date.now() + 86_400_000).toISOString();

let env: TestEnvironment;
let browser: Browser;
let id = '';
let secret = '';
beforeAll(async () => {
  env = await createTestEnvironment({ variables: { POSTERN_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' } });
  browser = await signedIn(env);
  const { body } = await env.admin.post('/api/v1/clients', {
    body: {
      name: unique('way'),
      scopes: ['users:read', 'tokens:introspect', 'onegini_api_admin'],
      grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
      redirect_uris: [CALLBACK],
      allowed_cidrs: ALLOWED,
    },
  });
  [id, secret] = [body.client_id, body.client_secret];
});
afterAll(() => env.close());

const patch = (fields: object) => env.admin.patch(`/api/v1/clients/${id}`, { body: fields });
const basic = () => ({ authorization: basicAuthorization(id, secret) });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'content-type': 'application/json' };

/** One request, ready to be sent from anywhere. */
type Attempt = (forwarded: string) => Promise<RawAnswer>;

function request(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object | URLSearchParams,
): Attempt {
  const text = body instanceof URLSearchParams ? body.toString() : body && JSON.stringify(body);
  const type = body instanceof URLSearchParams ? FORM : body ? JSON_BODY : {};
  return (forwarded) =>
    rawRequest(env.url, method, path, {
      headers: { ...type, ...headers, 'x-forwarded-for': forwarded },
      body: text,
    });
}

const form = (parameters: Record<string, string>) => new URLSearchParams(parameters);
const token = () => env.token(id, secret);
const code = () => codeFor(browser, asking(id, { scope: 'users:read' }));
const redeeming = (path: string, one: string) =>
  request(
    'POST',
    path,
    basic(),
    form({ grant_type: 'authorization_code', code: one, redirect_uri: CALLBACK, code_verifier: VERIFIER }),
  );
const redeemed = async () => (await redeeming('/oauth2/token', await code())(HERE)).body;
const handedOut = async () => {
  const { body } = await env.admin.post(`/api/v1/clients/${id}/tokens`, {
    body: { expires_in: 600, scopes: ['users:read'] },
  });
  return body.access_token as string;
};

/** Every way in which a client acts, each made ready while it may. */
const WAYS: Record<string, () => Promise<Attempt>> = {
  'client credentials by Basic': async () =>
    request('POST', '/oauth2/token', basic(), form({ grant_type: 'client_credentials' })),
  'client credentials in the body': async () =>
    request(
      'POST',
      '/oauth2/token',
      {},
      form({ grant_type: 'client_credentials', client_id: id, client_secret: secret }),
    ),
  'a code redeemed': async () => redeeming('/oauth2/token', await code()),
  'a refresh': async () => {
    const { refresh_token } = await redeemed();
    return request('POST', '/oauth2/token', basic(), form({ grant_type: 'refresh_token', refresh_token }));
  },
  'introspection by Basic': async () =>
    request('POST', '/oauth2/introspect', basic(), form({ token: await token() })),
  'introspection by a token': async () => {
    const own = await token();
    return request('POST', '/oauth2/introspect', bearer(own), form({ token: own }));
  },
  'a revocation': async () => request('POST', '/oauth2/revoke', basic(), form({ token: await token() })),
  'Basic on the admin API': async () => request('GET', '/api/v1/clients?limit=1', basic()),
  'a token on the admin API': async () => request('GET', '/api/v1/clients?limit=1', bearer(await token())),
  'a token on the read API': async () => request('GET', '/pam/v1/users?limit=1', bearer(await token())),
  'a token that was handed out': async () =>
    request('GET', '/pam/v1/users?limit=1', bearer(await handedOut())),
  'a token of the code flow': async () =>
    request('GET', '/pam/v1/users?limit=1', bearer((await redeemed()).access_token)),
  'the API clients API': async () => request('GET', '/api/v1/configuration/api-clients', basic()),
  'the token introspection of the same': async () =>
    request('POST', '/oauth/api/v2/token/introspect', basic(), form({ token: await token() })),
  'token generation': async () =>
    request(
      'POST',
      '/pam/apps/autheticate/oauth/token-generation/',
      {},
      {
        grant_type: 'client_credentials',
        client_id: id,
        client_secret: secret,
        customer: env.customerId,
      },
    ),
  'users, by Authorization': async () => request('GET', '/pam/apps/users/user/', bearer(await token())),
  'users, by Authorize': async () =>
    request('GET', '/pam/apps/users/user/', { authorize: `Bearer ${await token()}` }),
  'the OAuth controller': async () => redeeming('/osoc/api/oauthcontroller/token', await code()),
};

let addresses = 0;
const elsewhere = () => `203.0.113.${(addresses += 1)}`;

/** Refused from there, with nothing given, and on record with why. */
async function expectRefused(attempt: Attempt, forwarded: string, reason: string): Promise<void> {
  const answer = await attempt(forwarded);
  expect([400, 401]).toContain(answer.status);
  expect(answer.text).not.toMatch(/access_token"|"active":true|items/);
  const ip = forwarded.split(',').at(-1)!.trim();
  const { body } = await env.admin.get(
    `/api/v1/audit-events?client_id=${id}&ip=${ip}&outcome=failure&limit=1&sort=-at`,
  );
  expect(body.items[0]?.detail.reason).toBe(reason);
}

describe.each(Object.keys(WAYS))('%s', (name) => {
  it('is refused from another address, whoever is said to be before it, and outside of the client’s window', async () => {
    const prepare = WAYS[name]!;
    await expectRefused(await prepare(), elsewhere(), 'address_not_allowed');
    // Only the last hop that is no proxy of ours is believed.
    await expectRefused(await prepare(), `${HERE}, ${elsewhere()}`, 'address_not_allowed');
    const [late, early] = [await prepare(), await prepare()];
    await patch({ valid_until: PAST });
    await expectRefused(late, HERE, 'client_no_longer_valid');
    await patch({ valid_until: null, valid_from: FUTURE });
    await expectRefused(early, HERE, 'client_not_yet_valid');
    await patch({ valid_from: null, valid_until: null });
    const { status } = await (await prepare())(`203.0.113.1, ${HERE}, 10.1.2.3`);
    expect([200, 201]).toContain(status);
  });
});

it.each([
  ['valid_until', PAST],
  ['valid_from', FUTURE],
])('the authorization endpoint asks nobody for a client outside of its window: %s', async (field, time) => {
  await patch({ [field]: time });
  const { status, location } = await browser.get(`/oauth2/authorize?${asking(id)}`);
  expect([status, location ?? '']).not.toEqual([303, expect.stringMatching(/consent|code=/)]);
  await patch({ [field]: null });
});
