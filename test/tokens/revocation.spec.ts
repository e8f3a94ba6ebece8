import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import { CodeFlow, PUBLIC_CLIENT, tokensOf } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

let env: TestEnvironment;
let flow: CodeFlow;
beforeAll(async () => {
  env = await createTestEnvironment();
  flow = await CodeFlow.of(env);
});
afterAll(() => env.close());

function expectRevoked({ status, text, headers }: ApiResponse): void {
  expect([status, text]).toEqual([200, '']);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('pragma')).toBe('no-cache');
}

function expectError({ status, body, headers }: ApiResponse, expected: number, error: string): void {
  expect({ status, error: body?.error }).toEqual({ status: expected, error });
  expect(headers.get('cache-control')).toBe('no-store');
}

const revocations = (query: string) => auditEvents(env, 'access_token.revoked', query);

describe('revoking (RFC 7009)', () => {
  it.each([undefined, 'access_token', 'refresh_token', 'nonsense', ''])(
    'an access token, hinted as %j, ends that one',
    async (token_type_hint) => {
      const { accessToken, refreshToken } = await flow.tokens();
      const { accessToken: other, refreshToken: next } = tokensOf(await flow.refresh(refreshToken));
      expectRevoked(await flow.revoke(accessToken, { token_type_hint }));
      expect(await flow.reads(accessToken)).toBe(401);
      expect(await flow.reads(other)).toBe(200);
      expect((await flow.refresh(next)).status).toBe(200);
    },
  );

  it.each([undefined, 'access_token', 'refresh_token', 'nonsense', ''])(
    'a refresh token, hinted as %j, ends its whole family and no other',
    async (token_type_hint) => {
      const untouched = await flow.tokens();
      const first = await flow.tokens();
      const second = tokensOf(await flow.refresh(first.refreshToken));
      expectRevoked(await flow.revoke(second.refreshToken, { token_type_hint }));
      for (const { accessToken } of [first, second]) expect(await flow.reads(accessToken)).toBe(401);
      expectError(await flow.refresh(second.refreshToken), 400, 'invalid_grant');
      expect(await flow.reads(untouched.accessToken)).toBe(200);
      expect((await flow.refresh(untouched.refreshToken)).status).toBe(200);
    },
  );

  it('a refresh token that was rotated ends the family as well', async () => {
    const first = await flow.tokens();
    const second = tokensOf(await flow.refresh(first.refreshToken));
    expectRevoked(await flow.revoke(first.refreshToken));
    expect(await flow.reads(second.accessToken)).toBe(401);
    expectError(await flow.refresh(second.refreshToken), 400, 'invalid_grant');
  });

  it('again is 200, and no second event', async () => {
    const client = await flow.other();
    const { accessToken, refreshToken } = await client.tokens();
    for (let times = 0; times < 2; times += 1) expectRevoked(await client.revoke(accessToken));
    tokensOf(await client.refresh(refreshToken));
    for (let times = 0; times < 2; times += 1) expectRevoked(await client.revoke(refreshToken));
    const events = await revocations(`&client_id=${client.client.clientId}`);
    expect(events.map(({ detail }) => detail)).toEqual([
      { reason: 'refresh_token_revoked', count: 1, operator: env.ownerCredentials.username },
      { reason: 'client' },
    ]);
    expect(events[0]).toMatchObject({
      actor: { kind: 'client', id: client.client.clientId },
      customer_id: '10001',
      outcome: 'success',
    });
    expect(events[1].token_id).toEqual(expect.any(String));
  });

  it('ends a token of client credentials, and one that was handed out', async () => {
    const { clientId, clientSecret, api } = await env.registerClient();
    const own = ApiClient.basic(env.url, clientId, clientSecret);
    const { body } = await env.admin.post(`/api/v1/clients/${clientId}/tokens`, { body: { expires_in: 60 } });
    const granted = await env.token(clientId, clientSecret);
    for (const token of [body.access_token, granted]) {
      expectRevoked(await own.post('/oauth2/revoke', { body: new URLSearchParams({ token }) }));
      expect((await ApiClient.bearer(env.url, token).get('/pam/v1/users')).status).toBe(401);
    }
    expect((await api.get('/pam/v1/users')).status).toBe(200);
  });

  it('what is no token is 200', async () => {
    const code = await flow.code();
    for (const token of ['x', '☃', `pst_${'A'.repeat(49)}`, `psr_${'A'.repeat(49)}`, 'eyJ.e.e', code])
      expectRevoked(await flow.revoke(token));
    expect((await flow.redeem(code)).status).toBe(200);
  });

  it('another client’s token is unauthorized_client, and the token stays', async () => {
    const thief = await flow.other();
    const { accessToken, refreshToken } = await flow.tokens();
    for (const token of [accessToken, refreshToken])
      expectError(await thief.revoke(token), 400, 'unauthorized_client');
    expect(await flow.reads(accessToken)).toBe(200);
    expect((await flow.refresh(refreshToken)).status).toBe(200);
  });

  it('a public client revokes by its id alone, and its own tokens only', async () => {
    const app = await flow.other(PUBLIC_CLIENT);
    const { accessToken, refreshToken } = await app.tokens();
    const theirs = await flow.tokens();
    expectError(await app.revoke(theirs.refreshToken), 400, 'unauthorized_client');
    expectRevoked(await app.revoke(refreshToken));
    expect(await app.reads(accessToken)).toBe(401);
  });

  it('wants a client, a form and a token', async () => {
    const { accessToken } = await flow.tokens();
    const body = new URLSearchParams({ token: accessToken });
    expectError(await env.anonymous.post('/oauth2/revoke', { body }), 401, 'invalid_client');
    body.set('client_id', flow.client.clientId);
    expectError(await env.anonymous.post('/oauth2/revoke', { body }), 401, 'invalid_client');
    const wrong = ApiClient.basic(env.url, flow.client.clientId, 'wrong');
    const refused = await wrong.post('/oauth2/revoke', { body });
    expectError(refused, 401, 'invalid_client');
    expect(refused.headers.get('www-authenticate')).toMatch(/^Basic /);
    const own = ApiClient.basic(env.url, flow.client.clientId, flow.client.clientSecret);
    expectError(await own.post('/oauth2/revoke', { body: { token: accessToken } }), 400, 'invalid_request');
    expectError(await own.post('/oauth2/revoke'), 400, 'invalid_request');
    expectError(await own.post(`/oauth2/revoke?token=${accessToken}`), 400, 'invalid_request');
    expectError(await flow.revoke(''), 400, 'invalid_request');
    expectError(await flow.revoke(accessToken, { token: undefined }), 400, 'invalid_request');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const twice of ['token=a&token=a', 'token=a&token_type_hint=x&token_type_hint=y'])
      expectError(await own.post('/oauth2/revoke', { body: twice, headers }), 400, 'invalid_request');
    expect(await flow.reads(accessToken)).toBe(200);
    expect((await own.get('/oauth2/revoke')).status).toBe(405);
  });
});
