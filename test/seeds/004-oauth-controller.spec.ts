import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { rawRequest } from '../support/raw-request.js';

const AUTHORIZE = '/osoc/api/oauthcontroller/authorize';
const TOKEN = '/osoc/api/oauthcontroller/token';
const CALLBACK = 'https://client.example.com/callback';

let env: TestEnvironment;
let browser: Browser;
beforeAll(async () => {
  env = await createTestEnvironment();
  browser = await signedIn(env);
});
afterAll(() => env.close());

interface Client {
  client_id: string;
  client_secret: string;
}

/** A record as the document has it created: an id, a secret, how long tokens live, and active. */
async function createClient(fields: Record<string, unknown> = {}): Promise<Client> {
  const client_id = unique('oauth-client');
  const client_secret = `the secret of ${client_id}`;
  const { status, text } = await env.admin.post('/api/v1/clients', {
    body: {
      name: client_id,
      client_id,
      client_secret,
      active: true,
      scopes: ['users:read'],
      grant_types: ['authorization_code'],
      redirect_uris: [CALLBACK],
      require_pkce: false,
      ...fields,
    },
  });
  if (status !== 201) throw new Error(`${status} ${text}`);
  return { client_id, client_secret };
}

const asking = (client: Client, changes: Record<string, string | undefined> = {}) => {
  const parameters = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_url: CALLBACK,
    state: 'a security token',
    ...changes,
  };
  const present = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  return `${AUTHORIZE}?${new URLSearchParams(present)}`;
};

/** Sends the person to the authorization URL; he allows, and is sent to the callback. */
async function authorize(client: Client, changes: Record<string, string | undefined> = {}): Promise<URL> {
  let page = await browser.get(asking(client, changes));
  if (page.location?.startsWith('/')) page = await browser.get(page.location);
  if (page.status === 200) page = await browser.submit(page, '/oauth2/consent', { decision: 'allow' });
  return new URL(page.location!);
}

const redeem = (client: Client, code: string, changes: Record<string, string> = {}, basic = true) =>
  (basic ? ApiClient.basic(env.url, client.client_id, client.client_secret) : env.anonymous).post(TOKEN, {
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: client.client_id,
      redirect_uri: CALLBACK,
      ...(basic ? {} : { client_secret: client.client_secret }),
      ...changes,
    }),
  });

const read = async (client: Client) => (await env.admin.get(`/api/v1/clients/${client.client_id}`)).body;

describe('user authorization', () => {
  it('redirects to the callback with a code and the state, after a successful login', async () => {
    const client = await createClient();
    const stranger = new Browser(env.url);
    const kept = await stranger.get(asking(client));
    expect(kept.status).toBe(303);
    const toSignIn = await stranger.get(kept.location!);
    expect(toSignIn.location).toMatch(/^\/oauth2\/sign-in\?request=/);
    const { username, password } = env.ownerCredentials;
    const page = await stranger.get(toSignIn.location!);
    const signed = await stranger.submit(page, '/oauth2/sign-in', { username, password });
    const consent = await stranger.get(signed.location!);
    const done = await stranger.submit(consent, '/oauth2/consent', { decision: 'allow' });
    const callback = new URL(done.location!);
    expect(callback.origin + callback.pathname).toBe(CALLBACK);
    expect(callback.searchParams.get('code')).toEqual(expect.any(String));
    expect(callback.searchParams.get('state')).toBe('a security token');
  });

  it('takes redirect_uri as well as redirect_url', async () => {
    const client = await createClient();
    const callback = await authorize(client, { redirect_url: undefined, redirect_uri: CALLBACK });
    expect(callback.searchParams.has('code')).toBe(true);
  });

  it('requires response_type, redirect_url and state, and says so at the callback', async () => {
    const client = await createClient();
    for (const [name, called] of [
      ['response_type', 'response_type'],
      ['redirect_url', 'redirect_uri'],
      ['state', 'state'],
    ] as const) {
      const { location } = await browser.get(asking(client, { [name]: undefined }));
      expect(location).toMatch(new RegExp(`^${CALLBACK}\\?`));
      const { searchParams } = new URL(location!);
      expect(searchParams.get('error')).toBe('invalid_request');
      expect(searchParams.get('error_description')).toContain(called);
    }
  });

  it('shows a page, and redirects nowhere, without a known client and its own callback', async () => {
    const client = await createClient();
    for (const changes of [
      { client_id: undefined },
      { client_id: 'nobody' },
      { redirect_url: 'https://evil.example.com/' },
      { redirect_uri: CALLBACK },
    ]) {
      const page = await browser.get(asking(client, changes));
      expect([page.status, page.location]).toEqual([400, null]);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    }
  });

  it('puts no words of the address on a page', async () => {
    for (const path of [`${AUTHORIZE}/call-this-number%`, '/oauth2/sign-in/call-this-number%']) {
      const { status, text } = await rawRequest(env.url, 'GET', path);
      expect(status).toBe(400);
      expect(text).toContain('<html');
      expect(text).not.toContain('call-this-number');
    }
  });

  it('is for active clients only', async () => {
    const client = await createClient({ active: false });
    expect((await browser.get(asking(client))).status).toBe(400);
    const active = await createClient();
    const code = (await authorize(active)).searchParams.get('code')!;
    await env.admin.patch(`/api/v1/clients/${active.client_id}`, { body: { active: false } });
    expect((await redeem(active, code)).status).toBe(401);
  });
});

describe('the access token', () => {
  it.each([
    ['as a Basic header', true],
    ['in the body', false],
  ])('is given for the code, with the credentials %s', async (_, basic) => {
    const client = await createClient();
    const code = (await authorize(client)).searchParams.get('code')!;
    const { status, body, headers } = await redeem(client, code, {}, basic);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await ApiClient.bearer(env.url, body.access_token).get('/pam/v1/users')).status).toBe(200);
  });

  it('takes redirect_url there, too', async () => {
    const client = await createClient();
    const code = (await authorize(client)).searchParams.get('code')!;
    const { clientId, clientSecret } = { clientId: client.client_id, clientSecret: client.client_secret };
    const { status } = await ApiClient.basic(env.url, clientId, clientSecret).post(TOKEN, {
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_url: CALLBACK }),
    });
    expect(status).toBe(200);
  });

  it('is refused to a redirect URI under both names, and spends nothing', async () => {
    const client = await createClient();
    const code = (await authorize(client)).searchParams.get('code')!;
    const { status, body } = await redeem(client, code, { redirect_url: CALLBACK });
    expect([status, body.error]).toEqual([400, 'invalid_request']);
    expect((await redeem(client, code)).status).toBe(200);
  });

  it('lives as long as the client’s Expires In says', async () => {
    const client = await createClient({ access_token_ttl: 120 });
    const code = (await authorize(client)).searchParams.get('code')!;
    const { body } = await redeem(client, code);
    expect(body.expires_in).toBe(120);
    const api = ApiClient.bearer(env.url, body.access_token);
    env.clock.advance(119);
    expect((await api.get('/pam/v1/users')).status).toBe(200);
    env.clock.advance(1);
    expect((await api.get('/pam/v1/users')).status).toBe(401);
    browser = await signedIn(env);
  });

  it.each([
    ['another redirect URI', { redirect_uri: 'https://client.example.com/other' }, 400, 'invalid_grant'],
    ['no code', { code: '' }, 400, 'invalid_request'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['another client’s id', { client_id: 'nobody' }, 401, 'invalid_client'],
  ])('is refused for %s', async (_, changes, expected, error) => {
    const client = await createClient();
    const code = (await authorize(client)).searchParams.get('code')!;
    const { status, body } = await redeem(client, code, changes as unknown as Record<string, string>);
    expect([status, body.error]).toEqual([expected, error]);
  });

  it('is refused for wrong credentials', async () => {
    const client = await createClient();
    const code = (await authorize(client)).searchParams.get('code')!;
    const { status, body } = await redeem({ ...client, client_secret: 'another secret of it' }, code);
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect((await redeem(client, code)).status).toBe(200);
  });
});

describe('the read-only fields', () => {
  it('are filled by the flow, code and token masked', async () => {
    const client = await createClient();
    expect((await read(client)).last_authorization).toEqual({
      redirect_uri: null,
      authorization_code: null,
      access_token: null,
      code_created_at: null,
      code_created_at_unix: null,
      token_created_at: null,
      token_created_at_unix: null,
      passthru_user: null,
    });
    const code = (await authorize(client)).searchParams.get('code')!;
    const { body } = await redeem(client, code);
    const { last_authorization } = await read(client);
    expect(last_authorization).toMatchObject({ redirect_uri: CALLBACK, passthru_user: 'owner' });
    for (const [field, value] of [
      ['authorization_code', code],
      ['access_token', body.access_token],
    ] as const) {
      expect(last_authorization[field]).not.toContain(value);
      expect(value.startsWith(last_authorization[field].split('…')[0])).toBe(true);
    }
    const now = Math.floor(env.clock.now().getTime() / 1000);
    for (const field of ['code_created_at', 'token_created_at']) {
      expect(Math.abs(last_authorization[`${field}_unix`] - now)).toBeLessThan(60);
      const unix = Math.floor(Date.parse(last_authorization[field]) / 1000);
      expect(last_authorization[`${field}_unix`]).toBe(unix);
    }
  });

  it('cannot be changed by an update', async () => {
    const client = await createClient();
    const { status, body } = await env.admin.patch(`/api/v1/clients/${client.client_id}`, {
      body: { last_authorization: { passthru_user: 'nobody' } },
    });
    expect([status, body.errors[0].field]).toEqual([400, 'last_authorization']);
  });
});

describe('the overview', () => {
  it('filters by client id, times, expires in, passthru user and active; parts of a word count', async () => {
    const client = await createClient({ access_token_ttl: 777 });
    await redeem(client, (await authorize(client)).searchParams.get('code')!);
    const other = await createClient({ active: false });
    const { last_authorization } = await read(client);
    const { code_created_at, token_created_at } = last_authorization;
    const stem = client.client_id.slice(3, -1).toUpperCase();
    for (const filter of [
      `client_id=${stem}`,
      `code_created_from=${code_created_at}&code_created_to=${code_created_at}`,
      `token_created_from=${token_created_at}&token_created_to=${token_created_at}`,
      'access_token_ttl=777',
      `passthru_user=WNE&client_id=${client.client_id}`,
      `active=true&client_id=${client.client_id}`,
    ]) {
      const { body } = await env.admin.get(`/api/v1/clients?${filter}`);
      const ids = body.items.map(({ client_id }: Client) => client_id);
      expect(ids).toContain(client.client_id);
      expect(ids).not.toContain(other.client_id);
    }
    const { body } = await env.admin.get(`/api/v1/clients?active=false&client_id=${client.client_id}`);
    expect(body.items).toEqual([]);
  });

  it.each([
    'client_id',
    'code_created_at',
    'token_created_at',
    'access_token_ttl',
    'passthru_user',
    'active',
  ])('sorts by %s, both ways', async (column) => {
    const first = await createClient({ access_token_ttl: 60, active: true });
    await redeem(first, (await authorize(first)).searchParams.get('code')!);
    env.clock.advance(1);
    const second = await createClient({ access_token_ttl: 70, active: true });
    await redeem(second, (await authorize(second)).searchParams.get('code')!);
    await env.admin.patch(`/api/v1/clients/${first.client_id}`, { body: { active: false } });
    const valuesOf = async (sort: string) => {
      const { body } = await env.admin.get(`/api/v1/clients?sort=${sort}&limit=1000`);
      const values = body.items.map((item: any) => item[column] ?? item.last_authorization[column] ?? null);
      return values.filter((value: unknown) => value !== null) as (string | number | boolean)[];
    };
    const up = await valuesOf(column);
    expect(new Set(up).size).toBeGreaterThan(column === 'passthru_user' ? 0 : 1);
    expect(up).toEqual([...up].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(await valuesOf(`-${column}`)).toEqual(up.toReversed());
  });

  it('goes by numbered pages, or shows all', async () => {
    const first = await env.admin.get('/api/v1/clients?limit=2&page=1&count=true');
    const second = await env.admin.get('/api/v1/clients?limit=2&page=2');
    expect(first.body.items).toHaveLength(2);
    expect(second.body.items[0].client_id).not.toBe(first.body.items[0].client_id);
    const all = await env.admin.get('/api/v1/clients', { headers: { accept: 'application/x-ndjson' } });
    expect(all.text.trim().split('\n')).toHaveLength(first.body.total);
  });
});

describe('deletion', () => {
  it('invalidates codes and tokens at once, and for good, until a new record is created', async () => {
    const client = await createClient();
    const { body } = await redeem(client, (await authorize(client)).searchParams.get('code')!);
    const unredeemed = (await authorize(client)).searchParams.get('code')!;
    expect((await env.admin.delete(`/api/v1/clients/${client.client_id}`)).status).toBe(204);
    const api = ApiClient.bearer(env.url, body.access_token);
    expect((await api.get('/pam/v1/users')).status).toBe(401);
    expect((await redeem(client, unredeemed)).status).toBe(401);
    await env.admin.post('/api/v1/clients', {
      body: {
        name: client.client_id,
        ...client,
        grant_types: ['authorization_code'],
        redirect_uris: [CALLBACK],
        require_pkce: false,
      },
    });
    expect((await api.get('/pam/v1/users')).status).toBe(401);
    const late = await redeem(client, unredeemed);
    expect([late.status, late.body.error]).toEqual([400, 'invalid_grant']);
    expect((await redeem(client, (await authorize(client)).searchParams.get('code')!)).status).toBe(200);
  });
});
