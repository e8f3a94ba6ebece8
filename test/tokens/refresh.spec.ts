import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import { CodeFlow, tokensOf } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const DAY = 86_400;
const GRACE = 10;

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

/** Gets tokens with the clock where it is: sessions are too short for most of these. */
const afresh = async () => {
  env.clock.set(new Date());
  return flow.tokens();
};

describe('a refresh token', () => {
  it('gives an access token and the refresh token that takes its place', async () => {
    const { accessToken, refreshToken } = await afresh();
    const { status, body } = await flow.refresh(refreshToken);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^pst_/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'users:read devices:read',
      refresh_token: expect.stringMatching(/^psr_[A-Za-z0-9_-]{49}$/),
    });
    expect(body.refresh_token).not.toBe(refreshToken);
    // The earlier one lives on.
    for (const token of [accessToken, body.access_token]) expect(await flow.reads(token)).toBe(200);
    const [event] = await auditEvents(env, 'refresh_token.rotated', `&client_id=${flow.client.clientId}`);
    expect(event.detail).toEqual({ scopes: ['users:read', 'devices:read'] });
    const [issued] = await auditEvents(env, 'access_token.issued', `&token_id=${event.token_id}`);
    expect(issued.detail).toMatchObject({
      grant_type: 'refresh_token',
      operator: env.ownerCredentials.username,
    });
    const { body: list } = await env.admin.get(
      `/api/v1/tokens?grant_type=refresh_token&client_id=${flow.client.clientId}`,
    );
    expect(list.items[0]).toMatchObject({ id: event.token_id, issued_by: env.ownerCredentials.username });
  });

  it('narrows for one time, and no further than it reaches', async () => {
    const { refreshToken } = await afresh();
    const narrow = await flow.refresh(refreshToken, { scope: 'users:read' });
    expect(narrow.body.scope).toBe('users:read');
    const next = narrow.body.refresh_token;
    expectError(await flow.refresh(next, { scope: 'users:read tasks:read' }), 400, 'invalid_scope');
    expectError(await flow.refresh(next, { scope: 'users:read\t' }), 400, 'invalid_scope');
    // None of that consumed it.
    expect((await flow.refresh(next)).body.scope).toBe('users:read devices:read');
  });

  it('reaches no further than the person allowed', async () => {
    env.clock.set(new Date());
    const { body } = await flow.redeem(await flow.code({ scope: 'users:read' }));
    expectError(await flow.refresh(body.refresh_token, { scope: 'devices:read' }), 400, 'invalid_scope');
    expect((await flow.refresh(body.refresh_token)).body.scope).toBe('users:read');
  });

  it('does not give what its client has lost since, and gives it again with it', async () => {
    const losing = await flow.other();
    const path = `/api/v1/clients/${losing.client.clientId}`;
    let { refreshToken } = await losing.tokens();
    await env.admin.patch(path, { body: { scopes: ['users:read'] } });
    const fewer = await losing.refresh(refreshToken);
    expect(fewer.body.scope).toBe('users:read');
    refreshToken = fewer.body.refresh_token;
    await env.admin.patch(path, { body: { scopes: ['tasks:read'] } });
    expectError(await losing.refresh(refreshToken), 400, 'invalid_scope');
    await env.admin.patch(path, { body: { scopes: ['users:read', 'devices:read'] } });
    expect((await losing.refresh(refreshToken)).body.scope).toBe('users:read devices:read');
  });

  it('is unauthorized_client for a client that has lost the grant type, and not consumed', async () => {
    const losing = await flow.other();
    const path = `/api/v1/clients/${losing.client.clientId}`;
    const { refreshToken } = await losing.tokens();
    await env.admin.patch(path, { body: { grant_types: ['authorization_code'] } });
    expectError(await losing.refresh(refreshToken), 400, 'unauthorized_client');
    await env.admin.patch(path, { body: { grant_types: ['authorization_code', 'refresh_token'] } });
    expect((await losing.refresh(refreshToken)).status).toBe(200);
  });

  it('of another client is invalid_grant, and not consumed', async () => {
    const thief = await flow.other();
    const { refreshToken } = await afresh();
    expectError(await thief.refresh(refreshToken), 400, 'invalid_grant');
    expect((await flow.refresh(refreshToken)).status).toBe(200);
    env.clock.advance(GRACE + 1);
    // Nor does another's replay end anything.
    expectError(await thief.refresh(refreshToken), 400, 'invalid_grant');
  });

  it('wants its client’s authentication', async () => {
    const { refreshToken } = await afresh();
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expectError(await env.anonymous.post('/oauth2/token', { body }), 401, 'invalid_client');
    body.set('client_id', flow.client.clientId);
    expectError(await env.anonymous.post('/oauth2/token', { body }), 401, 'invalid_client');
    expect((await flow.refresh(refreshToken)).status).toBe(200);
  });

  it('must be there, once', async () => {
    const { refreshToken } = await afresh();
    expectError(await flow.refresh(''), 400, 'invalid_request');
    expectError(await flow.refresh(refreshToken, { refresh_token: undefined }), 400, 'invalid_request');
    for (const wrong of ['x', `psr_${'A'.repeat(49)}`, refreshToken.slice(0, -1), '☃'])
      expectError(await flow.refresh(wrong), 400, 'invalid_grant');
  });

  it('is no access token, and an access token is none', async () => {
    const { accessToken, refreshToken } = await afresh();
    expect(await flow.reads(refreshToken)).toBe(401);
    expectError(await flow.refresh(accessToken), 400, 'invalid_grant');
    expectError(await flow.redeem(refreshToken), 400, 'invalid_grant');
    expect(await flow.reads(accessToken)).toBe(200);
  });

  it('lives for the client’s refresh_token_ttl since the last rotation', async () => {
    const short = await flow.other({ refresh_token_ttl: 100 });
    const { refreshToken } = await short.tokens();
    env.clock.advance(95);
    const second = tokensOf(await short.refresh(refreshToken));
    env.clock.advance(95);
    const third = tokensOf(await short.refresh(second.refreshToken));
    env.clock.advance(101);
    expectError(await short.refresh(third.refreshToken), 400, 'invalid_grant');
  });

  it('lives for 30 days by default, and no longer than a year after the sign-in', async () => {
    let { refreshToken } = await afresh();
    env.clock.advance(31 * DAY);
    expectError(await flow.refresh(refreshToken), 400, 'invalid_grant');
    ({ refreshToken } = await afresh());
    for (let days = 0; days < 348; days += 29) {
      env.clock.advance(29 * DAY);
      ({ refreshToken } = tokensOf(await flow.refresh(refreshToken)));
    }
    env.clock.advance(18 * DAY);
    expectError(await flow.refresh(refreshToken), 400, 'invalid_grant');
  });
});

describe('a refresh token that comes again', () => {
  it('within the grace gives another pair, as for a client that refreshed twice at once', async () => {
    const { refreshToken } = await afresh();
    const first = tokensOf(await flow.refresh(refreshToken));
    env.clock.advance(GRACE - 2);
    const second = tokensOf(await flow.refresh(refreshToken));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    for (const { accessToken } of [first, second]) expect(await flow.reads(accessToken)).toBe(200);
    for (const { refreshToken: one } of [first, second]) expect((await flow.refresh(one)).status).toBe(200);
  });

  async function expectReplay(family: { accessToken: string; refreshToken: string }[], replayed: string) {
    const events = () => auditEvents(env, 'refresh_token.replayed', `&client_id=${flow.client.clientId}`);
    const before = new Set((await events()).map(({ id }) => id));
    expectError(await flow.refresh(replayed), 400, 'invalid_grant');
    const [event, ...others] = (await events()).filter(({ id }) => !before.has(id));
    expect(others).toEqual([]);
    expect(event).toMatchObject({ outcome: 'failure', detail: { message: expect.any(String) } });
    for (const { accessToken, refreshToken } of family) {
      expect(await flow.reads(accessToken)).toBe(401);
      expectError(await flow.refresh(refreshToken), 400, 'invalid_grant');
    }
  }

  it('after the grace ends its whole family, and no other', async () => {
    const untouched = await afresh();
    const { accessToken, refreshToken } = await flow.tokens();
    const first = tokensOf(await flow.refresh(refreshToken));
    env.clock.advance(GRACE + 1);
    await expectReplay([first, { accessToken, refreshToken }], refreshToken);
    expect(await flow.reads(untouched.accessToken)).toBe(200);
    expect((await flow.refresh(untouched.refreshToken)).status).toBe(200);
  });

  it('after its successor was used ends its whole family, within the grace too', async () => {
    const { refreshToken } = await afresh();
    const first = tokensOf(await flow.refresh(refreshToken));
    const second = tokensOf(await flow.refresh(first.refreshToken));
    await expectReplay([first, second], refreshToken);
  });

  it('is counted with what it ended', async () => {
    const { refreshToken } = await afresh();
    await flow.refresh(refreshToken);
    env.clock.advance(GRACE + 1);
    await flow.refresh(refreshToken);
    const [event] = await auditEvents(env, 'refresh_token.replayed', `&client_id=${flow.client.clientId}`);
    expect(event.detail.tokens_revoked).toBe(2);
    expect(JSON.stringify(event)).not.toContain(refreshToken.slice(4, 20));
  });

  it('within the grace gives no branch of one’s own: two that both go on end the family', async () => {
    for (const [first, second] of [
      ['owner', 'thief'],
      ['thief', 'owner'],
    ] as const) {
      const { refreshToken } = await afresh();
      const branches = {
        owner: tokensOf(await flow.refresh(refreshToken)),
        thief: tokensOf(await flow.refresh(refreshToken)),
      };
      env.clock.advance(1800);
      const next = tokensOf(await flow.refresh(branches[first].refreshToken));
      env.clock.advance(GRACE + 1);
      const body = new URLSearchParams({ token: branches[second].refreshToken });
      expect((await env.admin.post('/oauth2/introspect', { body })).body).toEqual({ active: false });
      await expectReplay([next, branches.owner, branches.thief], branches[second].refreshToken);
    }
  });

  it('ends nothing while its token cannot be stored: one transaction does all', async () => {
    const { refreshToken } = await afresh();
    await env.database.query(`
      CREATE FUNCTION refuse_token() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`);
    await env.database.query(
      `CREATE TRIGGER refuse BEFORE INSERT ON access_tokens FOR EACH ROW EXECUTE FUNCTION refuse_token()`,
    );
    expectError(await flow.refresh(refreshToken), 500, 'server_error');
    await env.database.query('DROP TRIGGER refuse ON access_tokens');
    await env.database.query('DROP FUNCTION refuse_token');
    env.clock.advance(GRACE + 1);
    expect((await flow.refresh(refreshToken)).status).toBe(200);
  });
});

describe('what its client is', () => {
  it('a client that is deactivated is refused on the very next call, and its tokens with it', async () => {
    const other = await flow.other();
    const { accessToken, refreshToken } = await other.tokens();
    const path = `/api/v1/clients/${other.client.clientId}`;
    await env.admin.patch(path, { body: { active: false } });
    expect(await other.reads(accessToken)).toBe(401);
    expectError(await other.refresh(refreshToken), 401, 'invalid_client');
    await env.admin.patch(path, { body: { active: true } });
    expect(await other.reads(accessToken)).toBe(200);
    expect((await other.refresh(refreshToken)).status).toBe(200);
  });

  it('a client that is deleted leaves nothing behind, even if its id is used again', async () => {
    const other = await flow.other();
    const { accessToken, refreshToken } = await other.tokens();
    const code = await other.code();
    const { clientId, clientSecret } = other.client;
    expect((await env.admin.delete(`/api/v1/clients/${clientId}`)).status).toBe(204);
    expect(await other.reads(accessToken)).toBe(401);
    expectError(await other.refresh(refreshToken), 401, 'invalid_client');
    const again = await env.admin.post('/api/v1/clients', {
      body: {
        name: `again ${clientId}`,
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['https://app.example.com/callback'],
        scopes: ['users:read', 'devices:read'],
      },
    });
    expect(again.status).toBe(201);
    expect(await other.reads(accessToken)).toBe(401);
    expectError(await other.refresh(refreshToken), 400, 'invalid_grant');
    expectError(await other.redeem(code), 400, 'invalid_grant');
  });

  it('revoking all of its tokens ends the refresh tokens too', async () => {
    const other = await flow.other();
    const { accessToken, refreshToken } = await other.tokens();
    expect((await env.admin.delete(`/api/v1/clients/${other.client.clientId}/tokens`)).status).toBe(204);
    expect(await other.reads(accessToken)).toBe(401);
    expectError(await other.refresh(refreshToken), 400, 'invalid_grant');
  });

  it('a token that is revoked is refused on the very next call; its family lives on', async () => {
    const other = await flow.other();
    const { accessToken, refreshToken } = await other.tokens();
    const { body } = await env.admin.get(`/api/v1/tokens?client_id=${other.client.clientId}&limit=1`);
    expect(await flow.reads(accessToken)).toBe(200);
    expect((await env.admin.delete(`/api/v1/tokens/${body.items[0].id}`)).status).toBe(204);
    expect(await flow.reads(accessToken)).toBe(401);
    expect((await other.refresh(refreshToken)).status).toBe(200);
  });

  it('one that chose JWTs gets them by code and refresh, and they end with their family', async () => {
    const jwt = await flow.other({ access_token_format: 'jwt' });
    const first = tokensOf(await jwt.redeem(await jwt.code()));
    const second = tokensOf(await jwt.refresh(first.refreshToken));
    for (const { accessToken } of [first, second]) {
      const claims = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString());
      expect(claims).toMatchObject({
        sub: expect.stringMatching(/^operator:/),
        auth_time: expect.any(Number),
      });
      expect(await jwt.reads(accessToken)).toBe(200);
    }
    expect((await jwt.revoke(second.refreshToken)).status).toBe(200);
    for (const { accessToken } of [first, second]) expect(await jwt.reads(accessToken)).toBe(401);
    const api = ApiClient.bearer(env.url, first.accessToken);
    expect((await api.get('/pam/v1/users')).headers.get('www-authenticate')).toContain('invalid_token');
  });
});
