import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { CodeFlow, tokensOf } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const HOUR = 3600;
const FAILURES = 5;

describe('a clock that is put back an hour', () => {
  let env: TestEnvironment;
  /** What was there before. */
  let before: {
    opaque: string;
    jwt: string;
    revoked: string;
    rotated: string;
    again: () => Promise<{ status: number; body: any }>;
    flow: CodeFlow;
    locked: { clientId: string; clientSecret: string };
  };

  beforeAll(async () => {
    env = await createTestEnvironment({ variables: { POSTERN_RATE_LIMIT_FAILURES: String(FAILURES) } });
    const { clientId, clientSecret } = await env.registerClient();
    const signed = await env.registerClient({ access_token_format: 'jwt' });
    const given = await env.admin.post(`/api/v1/clients/${clientId}/tokens`, {
      body: { expires_in: 2 * HOUR },
    });
    await env.admin.delete(`/api/v1/tokens/${given.body.id}`);
    const flow = await CodeFlow.of(env);
    const code = await flow.code();
    const { refreshToken } = tokensOf(await flow.redeem(code));
    tokensOf(await flow.refresh(refreshToken));
    before = {
      opaque: await env.token(clientId, clientSecret),
      jwt: await env.token(signed.clientId, signed.clientSecret),
      revoked: given.body.access_token,
      rotated: refreshToken,
      again: () => flow.redeem(code),
      flow,
      locked: await env.registerClient(),
    };
    for (let failure = 0; failure <= FAILURES; failure += 1)
      await tokenBy(before.locked.clientId, 'a-secret-that-is-wrong');
    expect((await tokenBy(before.locked.clientId, before.locked.clientSecret)).status).toBe(429);
    env.clock.advance(-HOUR);
  });
  afterAll(() => env.close());

  function tokenBy(clientId: string, clientSecret: string) {
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    return ApiClient.basic(env.url, clientId, clientSecret).post('/oauth2/token', { body });
  }

  const read = async (token: string) => (await ApiClient.bearer(env.url, token).get('/pam/v1/users')).status;

  it('leaves tokens good that were issued before, opaque and JWT', async () => {
    expect(await read(before.opaque)).toBe(200);
    expect(await read(before.jwt)).toBe(200);
  });

  it('leaves what was revoked, redeemed or rotated as it is: that is a row, and not a time', async () => {
    expect(await read(before.revoked)).toBe(401);
    // Not within the grace that a rotated refresh token has for seconds.
    const again = await before.flow.refresh(before.rotated);
    expect({ status: again.status, error: again.body.error }).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
    expect((await before.again()).body.error).toBe('invalid_grant');
  });

  it('gives new tokens their whole time', async () => {
    const { clientId, clientSecret } = await env.registerClient({ scopes: ['tokens:introspect'] });
    const answer = await tokenBy(clientId, clientSecret);
    expect(answer.body.expires_in).toBe(HOUR);
    const body = new URLSearchParams({ token: answer.body.access_token });
    const { body: told } = await ApiClient.basic(env.url, clientId, clientSecret).post('/oauth2/introspect', {
      body,
    });
    expect(told).toMatchObject({ active: true });
    expect(told.exp - told.iat).toBe(HOUR);
    env.clock.advance(HOUR + 1);
    expect(await read(answer.body.access_token)).toBe(401);
    env.clock.advance(-HOUR - 1);
  });

  it('locks nobody out for an hour', async () => {
    const { clientId, clientSecret } = before.locked;
    expect((await tokenBy(clientId, clientSecret)).status).toBe(200);
    for (let failure = 0; failure <= FAILURES; failure += 1)
      await tokenBy(clientId, 'a-secret-that-is-wrong');
    const locked = await tokenBy(clientId, clientSecret);
    expect(locked.status).toBe(429);
    expect(Number(locked.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it.each(['/api/v1/audit-events', '/api/v1/tokens'])(
    'leaves out and repeats nothing of %s',
    async (path) => {
      const { body } = await env.admin.get(`${path}?limit=1000&count=true`);
      const ids: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const cursor: string = next && `&cursor=${encodeURIComponent(next)}`;
        const { body: page } = await env.admin.get(`${path}?limit=5${cursor}`);
        ids.push(...page.items.map(({ id }: { id: string }) => id));
        next = page.next_cursor ?? null;
      }
      expect(new Set(ids).size).toBe(body.total);
      expect(ids).toHaveLength(body.total);
    },
  );
});
