import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

/** Failures of a pair; a stranger's address has five times as many. */
const FAILURES = 2;
const STRANGERS = 5 * FAILURES;
const REQUESTS = 40;
const READ = '/pam/v1/users?limit=1';

let env: TestEnvironment;
const variables = {
  POSTERN_RATE_LIMIT_FAILURES: String(FAILURES),
  POSTERN_TRUSTED_PROXIES: '127.0.0.1',
};
beforeAll(async () => {
  env = await createTestEnvironment({ variables });
});
afterAll(() => env.close());
beforeEach(() => env.clock.set(new Date(Math.floor(env.clock.now().getTime() / 60_000 + 2) * 60_000)));

let addresses = 0;
const freshAddress = () => `198.51.100.${(addresses += 1)}`;

async function call(times: number, ip: string, authorization?: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const headers = { 'x-forwarded-for': ip, ...(authorization ? { authorization } : {}) };
    statuses.push((await env.anonymous.get(READ, { headers })).status);
  }
  return statuses;
}
const eventsOf = async (ip: string) =>
  (await env.admin.get(`/api/v1/audit-events?ip=${ip}&limit=1000`)).body.items;

describe('strangers', () => {
  it.each([
    ['an unknown token', 'Bearer pst_unknown', 401],
    ['no credentials', undefined, 401],
    ['credentials that cannot be read', 'Basic *', 401],
    ['a header that holds no token', 'Bearer a b', 400],
  ])('with %s are on record one by one up to a limit, and then get 429', async (_, authorization, status) => {
    const ip = freshAddress();
    const statuses = await call(STRANGERS + 20, ip, authorization);
    expect(statuses).toEqual([...Array(STRANGERS).fill(status), ...Array(20).fill(429)]);
    expect(await eventsOf(ip)).toHaveLength(STRANGERS);
    const elsewhere = await call(1, freshAddress(), authorization);
    env.clock.advance(60);
    expect([...(await call(1, ip, authorization)), ...elsewhere]).toEqual([status, status]);
  });

  it('share the limit of an address, whatever they try, and leave everybody else there alone', async () => {
    const ip = freshAddress();
    const { api, clientId, clientSecret } = await env.registerClient();
    await call(STRANGERS - 1, ip, 'Bearer pst_unknown');
    const unknown = (n: number) => call(1, ip, basicAuthorization(`nobody-${n}`, 'wrong'));
    expect(await unknown(1)).toEqual([401]);
    expect(await unknown(2)).toEqual([429]);
    const headers = { 'x-forwarded-for': ip };
    expect((await api.get(READ, { headers })).status).toBe(200);
    const wrong = { ...headers, authorization: basicAuthorization(clientId, 'a wrong secret') };
    expect((await env.anonymous.get('/api/v1/clients', { headers: wrong })).status).toBe(401);
    expect(
      (
        await env.anonymous.get('/api/v1/clients', {
          headers: { ...headers, authorization: basicAuthorization(clientId, clientSecret) },
        })
      ).status,
    ).toBe(403);
  });
});

it('refusals of a token that was good once are on record each, as long as there is no limit on requests', async () => {
  const ip = freshAddress();
  const { clientId, clientSecret } = await env.registerClient({ access_token_ttl: 1 });
  const token = await env.token(clientId, clientSecret);
  env.clock.advance(2);
  expect(new Set(await call(3 * STRANGERS, ip, `Bearer ${token}`))).toEqual(new Set([401]));
  const events = await eventsOf(ip);
  expect(events).toHaveLength(3 * STRANGERS);
  expect(new Set(events.map(({ type }: any) => type))).toEqual(new Set(['access_token.expired_use']));
});

it('what was not on record one by one is counted: one event of each kind and address', async () => {
  const [ip, other] = [freshAddress(), freshAddress()];
  await call(STRANGERS + 7, ip, 'Bearer pst_unknown');
  await call(STRANGERS + 1, other);
  // Within the minute; or at the latest when the server ends.
  env = await env.restart({ ...variables, POSTERN_RATE_LIMIT_REQUESTS: String(REQUESTS) });
  const counted = (await auditEvents(env, 'access_token.unknown_use', `&ip=${ip}`)).filter(
    ({ detail }) => detail.count,
  );
  expect(counted).toHaveLength(1);
  expect(counted[0]).toMatchObject({ outcome: 'failure', path: '/pam/v1/users', detail: { count: 7 } });
  expect(counted[0].detail.message).toContain(`7 further refusals of ${ip}`);
  const [without] = await auditEvents(env, 'client_authentication.failed', `&ip=${other}`);
  expect(without.detail).toMatchObject({ count: 1, reason: 'no_credentials' });
});

it('where requests are limited, so is what a token that was good once puts on record', async () => {
  const ip = freshAddress();
  const { clientId, clientSecret } = await env.registerClient({ access_token_ttl: 1 });
  const token = await env.token(clientId, clientSecret);
  env.clock.advance(2);
  const statuses = await call(REQUESTS + 20, ip, `Bearer ${token}`);
  expect(statuses).toEqual([...Array(REQUESTS).fill(401), ...Array(20).fill(429)]);
  expect((await eventsOf(ip)).length).toBeLessThanOrEqual(REQUESTS + 1);
});

it('what is counted of a known client is told to its customer, whoever else was refused there', async () => {
  const ip = freshAddress();
  const clients = await Promise.all([1, 2].map(() => env.registerClient({ access_token_ttl: 1 })));
  const tokens = await Promise.all(
    clients.map(({ clientId, clientSecret }) => env.token(clientId, clientSecret)),
  );
  env.clock.advance(2);
  await call(REQUESTS + 1, ip, 'Bearer pst_unknown');
  for (const token of tokens) expect(await call(3, ip, `Bearer ${token}`)).toEqual([429, 429, 429]);
  env = await env.restart(variables);
  const counted = await auditEvents(env, 'access_token.expired_use', `&ip=${ip}`);
  const byClient = new Map(counted.map((event) => [event.client_id, event.detail.count]));
  expect(byClient).toEqual(new Map(clients.map(({ clientId }) => [clientId, 3])));
});
