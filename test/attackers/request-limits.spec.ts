import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiClient, basicAuthorization, type ApiResponse } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { itOnPostgres } from '../support/engine-of-run.js';
import { eventually } from '../support/eventually.js';
import { atConsole } from '../support/first-party.js';
import { addPerson } from '../support/people.js';
import { RedisStandIn } from '../support/redis-stand-in.js';
import { ServerProcess } from '../support/server-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const LIMIT = 30;
const READ = '/pam/v1/users?limit=1';
const GRANT = new URLSearchParams({ grant_type: 'client_credentials' });

let redis: RedisStandIn;
let wire: TcpProxy;
let env: TestEnvironment;
const variables = () => ({
  POSTERN_RATE_LIMIT_REQUESTS: String(LIMIT),
  POSTERN_TRUSTED_PROXIES: '127.0.0.1',
});
beforeAll(async () => {
  redis = await RedisStandIn.start();
  wire = await TcpProxy.to(redis.url);
  env = await createTestEnvironment({ variables: variables() });
});
afterAll(async () => {
  await env.close();
  await wire.close();
  await redis.close();
});
// A minute of its own for each test, of which most is left.
beforeEach(() => env.clock.set(new Date(Math.floor(env.clock.now().getTime() / 60_000 + 2) * 60_000)));

let addresses = 0;
const freshAddress = () => `203.0.113.${(addresses += 1)}`;
const from = (ip: string) => ({ headers: { 'x-forwarded-for': ip } });

/** @returns the statuses of that many, and the last answer */
async function times(count: number, ask: () => Promise<ApiResponse>): Promise<[Set<number>, ApiResponse]> {
  const statuses = new Set<number>();
  let last: ApiResponse | undefined;
  for (let n = 0; n < count; n += 1) statuses.add((last = await ask()).status);
  return [statuses, last!];
}

const left = ({ headers }: ApiResponse) => Number(/;r=(\d+)/.exec(headers.get('ratelimit')!)![1]);

describe('a client', () => {
  it('is told of its quota with every answer, and then to wait', async () => {
    const { api } = await env.registerClient();
    const first = await api.get(READ);
    expect(first.headers.get('ratelimit-policy')).toBe(`"requests";q=${LIMIT};w=60`);
    // One for its token, one for this.
    expect(first.headers.get('ratelimit')).toMatch(new RegExp(`^"requests";r=${LIMIT - 2};t=(60|5\\d)$`));
    const [statuses, last] = await times(LIMIT - 2, () => api.get(READ));
    expect([[...statuses], left(last)]).toEqual([[200], 0]);
    const refused = await api.get(READ);
    expect([refused.status, refused.body.code]).toEqual([429, 'temporarily_unavailable']);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30);
    expect(left(refused)).toBe(0);
    env.clock.advance(60);
    expect((await api.get(READ)).status).toBe(200);
  });

  it('has one quota for its tokens, its secret and every address', async () => {
    const { api, clientId, clientSecret } = await env.registerClient();
    await times(LIMIT - 1, () => api.get(READ, from(freshAddress())));
    const headers = {
      authorization: basicAuthorization(clientId, clientSecret),
      ...from(freshAddress()).headers,
    };
    const refused = await env.anonymous.post('/oauth2/token', { body: GRANT, headers });
    expect([refused.status, refused.body.error]).toEqual([429, 'temporarily_unavailable']);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = await env.registerClient();
    expect((await other.api.get(READ)).status).toBe(200);
  });

  it('is not kept from its own quota by strangers at its address, nor they by it', async () => {
    const { api } = await env.registerClient();
    const ip = freshAddress();
    const [statuses] = await times(LIMIT + 1, () => env.anonymous.get(READ, from(ip)));
    expect([...statuses]).toEqual([401, 429]);
    expect((await api.get(READ, from(ip))).status).toBe(200);
  });
});

it('an address, of IPv6 a /64, has a quota for all who do not say who they are', async () => {
  const wellKnown = '/.well-known/oauth-authorization-server';
  await times(LIMIT, () => env.anonymous.get(wellKnown, from('2001:db8:5::1')));
  const again = (path: string, ip: string) => env.anonymous.get(path, from(ip)).then(({ status }) => status);
  expect(await again(wellKnown, '2001:db8:5::ffff')).toBe(429);
  expect(await again(READ, '2001:db8:5::2')).toBe(429);
  expect(await again(wellKnown, '2001:db8:5:1::1')).toBe(200);
  // Who only names a public client is a stranger.
  const named = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: 'x',
    client_id: 'postern-console',
  });
  const refused = await env.anonymous.post('/oauth2/token', { body: named, ...from('2001:db8:5::3') });
  expect(refused.status).toBe(429);
});

it('people have one each, though they come by one client', async () => {
  const [ada, grace] = [await addPerson(env), await addPerson(env)];
  const [one, other] = [await atConsole(env, ada), await atConsole(env, grace)];
  env.clock.advance(60);
  const [statuses, last] = await times(LIMIT + 1, () => one.api.get('/api/v1/account'));
  expect([[...statuses], last.status]).toEqual([[200, 429], 429]);
  expect((await other.api.get('/api/v1/account')).status).toBe(200);
});

it('whether the instance is alive is told as often as it is asked', async () => {
  const ip = freshAddress();
  for (const path of ['/healthz', '/readyz']) {
    const [statuses, { headers }] = await times(LIMIT + 5, () => env.anonymous.get(path, from(ip)));
    expect([[...statuses], headers.get('ratelimit')]).toEqual([[200], null]);
  }
});

it('what is counted is in the database in a moment, and names nobody', async () => {
  const { clientId } = await env.registerClient();
  await env.anonymous.get(READ, from('203.0.113.250'));
  const rows = await eventually(async () => {
    const { rows: counts } = await env.database.query<{ key: string }>(
      'SELECT key, count FROM request_counts',
    );
    return counts.length >= 2 && counts;
  });
  expect(JSON.stringify(rows)).not.toContain(clientId);
  expect(JSON.stringify(rows)).not.toContain('203.0.113');
});

/** Uses up a client's quota here, and sees how much of it there is elsewhere. */
async function usedUpElsewhere(url: string): Promise<void> {
  const { api } = await env.registerClient();
  await times(LIMIT, () => api.get(READ));
  expect((await api.get(READ)).status).toBe(429);
  let letThrough = 0;
  await eventually(async () => {
    const { status } = await api.at(url).get(READ);
    if (status === 200) letThrough += 1;
    return status === 429;
  });
  // What arrives within a fifth of a second, and asks every 25 ms.
  expect(letThrough).toBeLessThan(LIMIT);
}

async function withAnother(
  more: Record<string, string>,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const another = await ServerProcess.start({
    DATABASE_URL: env.databaseUrl!,
    POSTERN_RATE_LIMIT_REQUESTS: String(LIMIT),
    POSTERN_TRUSTED_PROXIES: '127.0.0.1',
    ...more,
  });
  // Its clock is the wall's.
  env.clock.set(new Date());
  try {
    await work(another.url);
  } finally {
    await another.kill('SIGTERM');
  }
}

itOnPostgres('instances share what they count by the database', () => withAnother({}, usedUpElsewhere));

describe('with Redis', () => {
  beforeAll(async () => {
    env = await env.restart({ ...variables(), REDIS_URL: wire.url });
  });

  const sum = () => [...redis.counts.values()].reduce((total, count) => total + count, 0);
  const stored = async () => {
    const { rows } = await env.database.query<{ count: number }>('SELECT count FROM request_counts');
    return rows.reduce((total, { count }) => total + count, 0);
  };

  /** Asks until Redis has been told of it: the first time, it is being connected to. */
  async function countedThere(): Promise<void> {
    const before = sum();
    await eventually(async () => {
      await env.anonymous.get(READ, from(freshAddress()));
      return sum() > before;
    });
  }

  it('it is counted there, and not in the database', async () => {
    const { clientId, api } = await env.registerClient();
    await api.get(READ);
    await countedThere();
    await env.database.query('DELETE FROM request_counts');
    await countedThere();
    expect(await stored()).toBe(0);
    expect([...redis.counts.keys()].join()).not.toContain(clientId);
  });

  itOnPostgres('instances share what they count there', () =>
    withAnother({ REDIS_URL: redis.url }, usedUpElsewhere),
  );

  it.each([
    ['that is gone', () => wire.cut()],
    ['that does not answer', async () => wire.swallow()],
  ])('%s, limits hold, by way of the database, until it is back', async (_, fail) => {
    await env.database.query('DELETE FROM request_counts');
    const { api } = await env.registerClient();
    await times(10, () => api.get(READ));
    const before = await eventually(async () => redis.counts.size > 0 && sum());
    await fail();
    const [statuses, last] = await times(LIMIT, () => api.get(READ));
    // What Redis had been told of is not forgotten.
    expect([[...statuses], last.status]).toEqual([[200, 429], 429]);
    await eventually(async () => (await stored()) > 0);
    await wire.restore();
    const again = ApiClient.bearer(env.url, 'pst_nobody');
    await eventually(async () => {
      await again.get(READ, from(freshAddress()));
      return sum() > before + 3;
    });
  });
});

it('by default there is no limit, and no talk of one', async () => {
  env = await env.restart({ POSTERN_TRUSTED_PROXIES: '127.0.0.1' });
  const { api } = await env.registerClient();
  const [statuses, last] = await times(LIMIT + 5, () => api.get(READ));
  expect([...statuses]).toEqual([200]);
  expect([last.headers.get('ratelimit'), last.headers.get('ratelimit-policy')]).toEqual([null, null]);
});
