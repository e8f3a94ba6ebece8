import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';

const LIMIT = 3;
const WRONG = 'not the secret of this client';
const GRANT = new URLSearchParams({ grant_type: 'client_credentials' });

let env: TestEnvironment;
let client: RegisteredClient;
beforeAll(async () => {
  env = await createTestEnvironment({
    variables: { POSTERN_RATE_LIMIT_FAILURES: String(LIMIT), POSTERN_TRUSTED_PROXIES: '127.0.0.1' },
  });
  client = await env.registerClient();
});
afterAll(() => env.close());

let addresses = 0;
/** An address that nobody has failed from. */
function freshAddress(): string {
  addresses += 1;
  return `198.51.100.${addresses}`;
}

const headers = (ip: string, secret: string, clientId = client.clientId) => ({
  authorization: basicAuthorization(clientId, secret),
  'x-forwarded-for': ip,
});
const token = (ip: string, secret = client.clientSecret, clientId?: string) =>
  env.anonymous.post('/oauth2/token', { body: GRANT, headers: headers(ip, secret, clientId) });

async function fail(ip: string, times: number, clientId?: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) statuses.push((await token(ip, `${WRONG} ${n}`, clientId)).status);
  return statuses;
}

describe('who guesses a client’s secret too often', () => {
  it('waits for the rest of the minute, even with the right one, by Basic and by body', async () => {
    const ip = freshAddress();
    expect(await fail(ip, LIMIT + 1)).toEqual([401, 401, 401, 429]);
    const locked = await token(ip);
    expect([locked.status, locked.body.error]).toEqual([429, 'temporarily_unavailable']);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
    });
    const byBody = await env.anonymous.post('/oauth2/token', { body, headers: { 'x-forwarded-for': ip } });
    expect(byBody.status).toBe(429);
    env.clock.advance(61);
    expect((await token(ip)).status).toBe(200);
  });

  it('gets no further by writing the client’s id in other ways', async () => {
    const ip = freshAddress();
    const escaped = (at: number) => {
      const { clientId } = client;
      const code = clientId.charCodeAt(at).toString(16);
      return `${clientId.slice(0, at)}%${code}${clientId.slice(at + 1)}`;
    };
    const statuses: number[] = [];
    for (let at = 0; at <= LIMIT; at += 1) statuses.push(...(await fail(ip, 1, escaped(at))));
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  it('gets hardly further by guessing many times at once', async () => {
    const ip = freshAddress();
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => (await token(ip, `${WRONG} ${n}`)).status),
    );
    // Three more may have been under way when the third one failed.
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(LIMIT + 3);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });

  it('is told so in the form of the admin API there', async () => {
    const ip = freshAddress();
    const list = (secret: string) => env.anonymous.get('/api/v1/clients', { headers: headers(ip, secret) });
    for (let n = 0; n < LIMIT; n += 1) expect((await list(WRONG)).status).toBe(401);
    const { status, body } = await list(client.clientSecret);
    expect([status, body.code]).toEqual([429, 'temporarily_unavailable']);
  });

  it('locks the client out nowhere else', async () => {
    expect(await fail(freshAddress(), LIMIT + 1)).toContain(429);
    expect((await token(freshAddress())).status).toBe(200);
  });

  it('learns nothing of whether the client is there', async () => {
    expect(await fail(freshAddress(), LIMIT + 1, 'nobody-has-this-id')).toEqual([401, 401, 401, 429]);
  });

  it('is stopped for all clients of an address in the end', async () => {
    const ip = freshAddress();
    for (let n = 0; n < 5 * LIMIT; n += 1) expect(await fail(ip, 1, `client-${n}`)).toEqual([401]);
    expect((await token(ip, WRONG)).status).toBe(429);
    const supplied = 'a secret that somebody chose';
    const { clientId } = await env.registerClient({ client_secret: supplied });
    expect((await token(ip, supplied, clientId)).status).toBe(429);
    expect((await token(freshAddress(), supplied, clientId)).status).toBe(200);
    // Nobody guesses a generated one: who shares the address is not locked out with him.
    expect((await token(ip)).status).toBe(200);
  });

  it('is on record once for each failure, and once as locked out', async () => {
    const ip = freshAddress();
    await fail(ip, LIMIT + 3);
    const events = await auditEvents(env, 'client_authentication.failed', `&ip=${ip}`);
    const reasons = events.map(({ detail }) => detail.reason).sort();
    expect(reasons).toEqual(['too_many_failures', 'wrong_secret', 'wrong_secret', 'wrong_secret']);
  });
});
