import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import { CodeFlow, PUBLIC_CLIENT, tokensOf } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';

let env: TestEnvironment;
let flow: CodeFlow;
beforeAll(async () => {
  env = await createTestEnvironment();
  flow = await CodeFlow.of(env);
});
afterAll(() => env.close());
afterEach(() => env.clock.set(new Date()));

function expectError({ status, body, headers }: ApiResponse, expected: number, error: string): void {
  expect({ status, error: body?.error }).toEqual({ status: expected, error });
  expect(headers.get('cache-control')).toBe('no-store');
}

describe('a code', () => {
  it('gives an access token and a refresh token, in the name of the person', async () => {
    const answer = await flow.redeem(await flow.code());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^pst_/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'users:read devices:read',
      refresh_token: expect.stringMatching(/^psr_[A-Za-z0-9_-]{49}$/),
    });
    expect(await flow.reads(answer.body.access_token)).toBe(200);
    const { body } = await env.admin.get(
      `/api/v1/tokens?grant_type=authorization_code&client_id=${flow.client.clientId}`,
    );
    expect(body.items[0]).toMatchObject({
      grant_type: 'authorization_code',
      subject: expect.stringMatching(/^operator:[0-9a-f-]{36}$/),
      issued_by: env.ownerCredentials.username,
      status: 'active',
    });
    const [issued] = await auditEvents(env, 'access_token.issued', `&token_id=${body.items[0].id}`);
    expect(issued).toMatchObject({
      actor: { kind: 'client', id: flow.client.clientId },
      detail: { grant_type: 'authorization_code', operator: env.ownerCredentials.username },
    });
    const [redeemed] = await auditEvents(env, 'authorization_code.redeemed', `&token_id=${body.items[0].id}`);
    expect(redeemed.detail).toEqual({ scopes: ['users:read', 'devices:read'] });
    const { body: client } = await env.admin.get(`/api/v1/clients/${flow.client.clientId}`);
    expect(client.last_authorization).toMatchObject({
      access_token: body.items[0].hint,
      token_created_at: expect.any(String),
    });
  });

  it('gives no refresh token to a client that may not refresh', async () => {
    const once = await flow.other({ grant_types: ['authorization_code'] });
    const { body } = await once.redeem(await once.code());
    expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
  });

  it('gives what was asked for and no more', async () => {
    const { body } = await flow.redeem(await flow.code({ scope: 'users:read' }), { scope: 'devices:read' });
    expect(body.scope).toBe('users:read');
    expect((await ApiClient.bearer(env.url, body.access_token).get('/pam/v1/devices')).status).toBe(403);
  });

  it('is redeemed once; again ends everything that came of it', async () => {
    const code = await flow.code();
    const first = tokensOf(await flow.redeem(code));
    const second = tokensOf(await flow.refresh(first.refreshToken));
    expectError(await flow.redeem(code), 400, 'invalid_grant');
    for (const token of [first.accessToken, second.accessToken]) expect(await flow.reads(token)).toBe(401);
    expectError(await flow.refresh(second.refreshToken), 400, 'invalid_grant');
    const [event] = await auditEvents(
      env,
      'authorization_code.replayed',
      `&client_id=${flow.client.clientId}`,
    );
    expect(event).toMatchObject({
      outcome: 'failure',
      client_id: flow.client.clientId,
      detail: { tokens_revoked: 2, message: expect.any(String) },
    });
  });

  it('does not end what came of another code', async () => {
    const untouched = await flow.tokens();
    const code = await flow.code();
    await flow.redeem(code);
    await flow.redeem(code);
    expect(await flow.reads(untouched.accessToken)).toBe(200);
    expect((await flow.refresh(untouched.refreshToken)).status).toBe(200);
  });

  it('lives for a minute', async () => {
    const code = await flow.code();
    env.clock.advance(61);
    expectError(await flow.redeem(code), 400, 'invalid_grant');
    const other = await flow.code();
    env.clock.advance(55);
    expect((await flow.redeem(other)).status).toBe(200);
  });

  it.each([
    ['another redirect URI', { redirect_uri: 'https://app.example.com/callback/' }],
    ['no redirect URI', { redirect_uri: undefined }],
    ['an empty redirect URI', { redirect_uri: '' }],
    ['a wrong verifier', { code_verifier: 'b'.repeat(43) }],
    ['a short verifier', { code_verifier: 'a' }],
    ['no verifier', { code_verifier: undefined }],
    ['an empty verifier', { code_verifier: '' }],
  ])('presented with %s is invalid_grant, and spent', async (_, changes) => {
    const code = await flow.code();
    expectError(await flow.redeem(code, changes), 400, 'invalid_grant');
    expectError(await flow.redeem(code), 400, 'invalid_grant');
  });

  it('without a challenge takes no verifier (RFC 9700 §2.1.1)', async () => {
    const lax = await flow.other({ require_pkce: false });
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    expectError(await lax.redeem(await lax.code(without)), 400, 'invalid_grant');
    expect((await lax.redeem(await lax.code(without), { code_verifier: undefined })).status).toBe(200);
  });

  it('of another client is invalid_grant, and not spent', async () => {
    const thief = await flow.other();
    const code = await flow.code();
    expectError(await thief.redeem(code), 400, 'invalid_grant');
    expect((await flow.redeem(code)).status).toBe(200);
  });

  it.each([
    ['no code', { code: undefined }],
    ['an empty code', { code: '' }],
    ['no grant type', { grant_type: undefined }],
  ])('is not consumed by a request with %s', async (_, changes) => {
    const code = await flow.code();
    expectError(await flow.redeem(code, changes), 400, 'invalid_request');
    expect((await flow.redeem(code)).status).toBe(200);
  });

  it('is not consumed by a request that holds it twice, or by a failed authentication', async () => {
    const code = await flow.code();
    const api = ApiClient.basic(env.url, flow.client.clientId, flow.client.clientSecret);
    const twice = `grant_type=authorization_code&code=${code}&code=${code}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expectError(await api.post('/oauth2/token', { body: twice, headers }), 400, 'invalid_request');
    const wrong = ApiClient.basic(env.url, flow.client.clientId, 'wrong');
    const body = new URLSearchParams({ grant_type: 'authorization_code', code });
    expectError(await wrong.post('/oauth2/token', { body }), 401, 'invalid_client');
    expectError(await env.anonymous.post('/oauth2/token', { body }), 401, 'invalid_client');
    expect((await flow.redeem(code)).status).toBe(200);
  });

  it('unknown, another’s, late and spent are told in the same words', async () => {
    const late = await flow.code();
    env.clock.advance(61);
    const spent = await flow.code();
    await flow.redeem(spent);
    const another = await (await flow.other()).code();
    const session = [...flow.browser.cookies.values()].find((value) => value.startsWith('pss_'))!;
    const { refreshToken, accessToken } = await flow.tokens();
    const unknown = `psa_${'A'.repeat(49)}`;
    const answers = [];
    for (const code of [late, spent, another, session, refreshToken, accessToken, unknown, 'x', '☃'])
      answers.push(await flow.redeem(code));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expectError(answers[0]!, 400, 'invalid_grant');
    expect(await flow.reads(accessToken)).toBe(200);
  });

  it('is no bearer token, and no refresh token', async () => {
    const code = await flow.code();
    expect(await flow.reads(code)).toBe(401);
    expectError(await flow.refresh(code), 400, 'invalid_grant');
    expect((await flow.redeem(code)).status).toBe(200);
  });

  it('is unauthorized_client for a client that has lost the grant type, and not consumed', async () => {
    const losing = await flow.other();
    const code = await losing.code();
    const path = `/api/v1/clients/${losing.client.clientId}`;
    await env.admin.patch(path, { body: { grant_types: ['refresh_token'] } });
    expectError(await losing.redeem(code), 400, 'unauthorized_client');
    await env.admin.patch(path, { body: { grant_types: ['authorization_code'] } });
    expect((await losing.redeem(code)).status).toBe(200);
  });

  it('gives what the client has not lost since', async () => {
    const losing = await flow.other();
    const [some, none] = [await losing.code(), await losing.code()];
    const path = `/api/v1/clients/${losing.client.clientId}`;
    await env.admin.patch(path, { body: { scopes: ['users:read'] } });
    expect((await losing.redeem(some)).body.scope).toBe('users:read');
    await env.admin.patch(path, { body: { scopes: ['tasks:read'] } });
    expectError(await losing.redeem(none), 400, 'invalid_scope');
  });

  it('is worth nothing once its client’s tokens were all revoked', async () => {
    const code = await flow.code();
    await env.admin.delete(`/api/v1/clients/${flow.client.clientId}/tokens`);
    expectError(await flow.redeem(code), 400, 'invalid_grant');
  });

  it('is for the client’s customer', async () => {
    const code = await flow.code();
    expectError(await flow.redeem(code, { customer: '10002' }), 401, 'invalid_client');
    expect((await flow.redeem(code, { customer: '10001' })).status).toBe(200);
  });

  it('stays redeemable where its token cannot be stored: one transaction does both', async () => {
    const code = await flow.code();
    await env.database.query(`
      CREATE FUNCTION refuse_token() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`);
    await env.database.query(
      `CREATE TRIGGER refuse BEFORE INSERT ON access_tokens FOR EACH ROW EXECUTE FUNCTION refuse_token()`,
    );
    expectError(await flow.redeem(code), 500, 'server_error');
    await env.database.query('DROP TRIGGER refuse ON access_tokens');
    await env.database.query('DROP FUNCTION refuse_token');
    expect((await flow.redeem(code)).status).toBe(200);
  });
});

describe('a public client', () => {
  it('redeems and refreshes by its id alone, and PKCE', async () => {
    const app = await flow.other(PUBLIC_CLIENT);
    expect(app.client.clientSecret).toBeUndefined();
    const code = await app.code();
    const { refreshToken } = tokensOf(await app.redeem(code));
    const next = tokensOf(await app.refresh(refreshToken));
    expect(next.refreshToken).not.toBe(refreshToken);
    expect(await app.reads(next.accessToken)).toBe(200);
  });

  it('that presents a secret, or somebody with a secret that shows none, is invalid_client', async () => {
    const app = await flow.other(PUBLIC_CLIENT);
    const code = await app.code();
    const { clientId } = app.client;
    expectError(await app.redeem(code, { client_secret: 'a secret of my own' }), 401, 'invalid_client');
    expectError(await app.redeem(code, { client_secret: '' }), 401, 'invalid_client');
    const basic = ApiClient.basic(env.url, clientId, 'x');
    const body = new URLSearchParams({ grant_type: 'authorization_code', code });
    expectError(await basic.post('/oauth2/token', { body }), 401, 'invalid_client');
    expect((await app.redeem(code)).status).toBe(200);
    const secret = await flow.code();
    body.set('code', secret);
    body.set('client_id', flow.client.clientId);
    expectError(await env.anonymous.post('/oauth2/token', { body }), 401, 'invalid_client');
    expect((await flow.redeem(secret)).status).toBe(200);
  });

  it('gets nothing by client credentials', async () => {
    const app = await flow.other(PUBLIC_CLIENT);
    expectError(
      await app.post('/oauth2/token', { grant_type: 'client_credentials' }),
      400,
      'unauthorized_client',
    );
  });
});

describe('the person behind a token', () => {
  it('decides by his role what it may do, from the next call on', async () => {
    const person = await addPerson(env, { role: 'auditor' });
    const his = await CodeFlow.of(env, { scopes: ['users:read', 'clients:read', 'clients:write'] }, person);
    const code = await his.code({ scope: 'users:read clients:read clients:write' });
    const { body } = await his.redeem(code);
    expect(body.scope).toBe('users:read clients:read');
    const api = ApiClient.bearer(env.url, body.access_token);
    expect((await api.get('/api/v1/clients')).status).toBe(200);
    await env.database.query(`UPDATE operators SET role = 'user' WHERE id = $1`, [person.id]);
    expect((await api.get('/api/v1/clients')).status).toBe(403);
    expect((await api.get('/pam/v1/users')).status).toBe(200);
    const refreshed = await his.refresh(body.refresh_token);
    expect(refreshed.body.scope).toBe('users:read');
  });

  it('gives what is another customer’s for as long as he may see it', async () => {
    await env.addCustomer('20002');
    const person = await addPerson(env, { role: 'auditor' });
    const his = await CodeFlow.of(env, { customer_id: '20002' }, person);
    const { accessToken, refreshToken } = await his.tokens();
    const code = await his.code();
    expect(await his.reads(accessToken)).toBe(200);
    await env.admin.patch(`/api/v1/operators/${person.id}`, { body: { role: 'user' } });
    expect(await his.reads(accessToken)).toBe(403);
    expectError(await his.refresh(refreshToken), 400, 'invalid_scope');
    expectError(await his.redeem(code), 400, 'invalid_scope');
  });

  it('is the actor of what is done with it', async () => {
    const admin = await addPerson(env, { role: 'admin' });
    const his = await CodeFlow.of(env, { scopes: ['clients:write'] }, admin);
    const { body } = await his.redeem(await his.code({ scope: 'clients:write' }));
    const api = ApiClient.bearer(env.url, body.access_token);
    const made = await api.post('/api/v1/clients', { body: { name: `of ${admin.username}` } });
    expect(made.status).toBe(201);
    const [event] = await auditEvents(env, 'client.created', `&client_id=${made.body.client_id}`);
    expect(event.actor).toEqual({ kind: 'operator', id: admin.username });
  });

  it.each([
    ['deactivated', (id: string) => env.admin.patch(`/api/v1/operators/${id}`, { body: { active: false } })],
    ['deleted', (id: string) => env.admin.delete(`/api/v1/operators/${id}`)],
  ])('who is %s takes tokens, refresh tokens and codes along', async (_, remove) => {
    const person = await addPerson(env);
    const his = await CodeFlow.of(env, {}, person);
    const { accessToken, refreshToken } = await his.tokens();
    const code = await his.code();
    expect(await his.reads(accessToken)).toBe(200);
    expect((await remove(person.id)).status).toBeLessThan(300);
    expect(await his.reads(accessToken)).toBe(401);
    expectError(await his.refresh(refreshToken), 400, 'invalid_grant');
    expectError(await his.redeem(code), 400, 'invalid_grant');
    const events = await auditEvents(env, 'access_token.revoked');
    const ended = events.filter(({ detail }) => detail.operator === person.username);
    expect(ended.map(({ detail }) => detail.count)).toEqual([1]);
  });

  it('who is deactivated and comes back finds his earlier tokens ended', async () => {
    const person = await addPerson(env);
    const his = await CodeFlow.of(env, {}, person);
    const { accessToken, refreshToken } = await his.tokens();
    for (const active of [false, true])
      await env.admin.patch(`/api/v1/operators/${person.id}`, { body: { active } });
    expect(await his.reads(accessToken)).toBe(401);
    expectError(await his.refresh(refreshToken), 400, 'invalid_grant');
  });
});
