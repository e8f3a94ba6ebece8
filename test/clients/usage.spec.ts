import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';

const READ = '/pam/v1/devices?limit=1';
const HOUR = 3600;
const DAY = 24 * HOUR;
/** A day far ahead, so that what is counted while a client is made lies elsewhere. */
const NOON = new Date('2031-05-20T12:30:00.000Z');

let env: TestEnvironment;
let client: RegisteredClient;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());
beforeEach(async () => {
  client = await env.registerClient({ scopes: ['devices:read'] });
  env.clock.set(NOON);
});
afterEach(() => env.clock.set(new Date()));

const usagePath = (query = '', clientId = client.clientId) => `/api/v1/clients/${clientId}/usage${query}`;
const usage = async (query?: string) => (await env.admin.get(usagePath(query))).body;
const basic = (secret = client.clientSecret) => ApiClient.basic(env.url, client.clientId, secret);
const handOut = async (expires_in = 5 * 365 * DAY): Promise<ApiClient> => {
  const { body } = await env.admin.post(`/api/v1/clients/${client.clientId}/tokens`, {
    body: { expires_in },
  });
  return ApiClient.bearer(env.url, body.access_token);
};

/** What lies in the range, once all of it is written. */
async function counted(expected: { requests: number; refusals: number }, query?: string): Promise<any> {
  const total = (items: any[], key: string) => items.reduce((sum, item) => sum + item[key], 0);
  let answer: any;
  await eventually(async () => {
    answer = await usage(query);
    const sums = ['requests', 'refusals'].map((key) => total(answer.items, key));
    return sums[0] === expected.requests && sums[1] === expected.refusals;
  }).catch(() => expect(answer).toEqual(expected));
  return answer;
}

describe('the usage of a client', () => {
  it('is its requests and refusals of the last 24 hours, by the hour', async () => {
    const api = await handOut();
    for (const times of [3, 2]) {
      for (let time = 0; time < times; time += 1) expect((await api.get(READ)).status).toBe(200);
      expect((await basic('a secret that is not its own').get('/api/v1/clients')).status).toBe(401);
      env.clock.advance(HOUR);
    }
    expect((await api.get('/pam/v1/users')).status).toBe(403);
    const { client_id, per, from, to, items } = await counted({ requests: 6, refusals: 3 });
    expect([client_id, per, from, to]).toEqual([
      client.clientId,
      'hour',
      '2031-05-19T15:00:00.000Z',
      '2031-05-20T15:00:00.000Z',
    ]);
    expect(items).toHaveLength(24);
    expect(items[0]).toEqual({ at: '2031-05-19T15:00:00.000Z', requests: 0, refusals: 0 });
    expect(items.slice(-4)).toEqual([
      { at: '2031-05-20T11:00:00.000Z', requests: 0, refusals: 0 },
      { at: '2031-05-20T12:00:00.000Z', requests: 3, refusals: 1 },
      { at: '2031-05-20T13:00:00.000Z', requests: 2, refusals: 1 },
      { at: '2031-05-20T14:00:00.000Z', requests: 1, refusals: 1 },
    ]);
  });

  it('counts it by whichever way it comes in', async () => {
    const grant = { grant_type: 'client_credentials' };
    await basic().post('/oauth2/token', { body: new URLSearchParams(grant) });
    const { clientId: client_id, clientSecret: client_secret } = client;
    const inBody = new URLSearchParams({ ...grant, client_id, client_secret });
    const { body } = await env.anonymous.post('/oauth2/token', { body: inBody });
    const api = ApiClient.bearer(env.url, body.access_token);
    await api.get(READ);
    await api.request('HEAD', READ);
    await counted({ requests: 4, refusals: 0 });
    // As somebody who has no scope for it.
    expect((await basic().get('/api/v1/clients')).status).toBe(403);
    await counted({ requests: 5, refusals: 1 });
  });

  it('counts as refusals what is on record of it', async () => {
    const short = await handOut(60);
    const long = await handOut();
    env.clock.advance(61);
    expect((await short.get(READ)).status).toBe(401);
    await env.admin.delete(`/api/v1/clients/${client.clientId}/tokens`);
    expect((await long.get(READ)).status).toBe(401);
    await env.admin.patch(`/api/v1/clients/${client.clientId}`, {
      body: { allowed_cidrs: ['192.0.2.0/24'] },
    });
    expect((await basic().get('/api/v1/clients')).status).toBe(401);
    await counted({ requests: 0, refusals: 3 });
  });

  it('leaves out calls of others, and of a client of the same id that was deleted', async () => {
    const api = await handOut();
    await ApiClient.basic(env.url, 'no-such-client', 'a secret of some length').get('/api/v1/clients');
    await api.get(READ);
    await counted({ requests: 1, refusals: 0 });
    await env.admin.delete(`/api/v1/clients/${client.clientId}`);
    expect((await env.admin.get(usagePath())).status).toBe(404);
    const again = await env.registerClient({ client_id: client.clientId });
    expect((await api.get(READ)).status).toBe(401);
    await again.api.get(READ);
    // By the token request, and by the read.
    await counted({ requests: 2, refusals: 0 });
  });

  it('is there by the day, of UTC', async () => {
    const api = await handOut();
    for (let hours = 0; hours < 4; hours += 1) {
      await api.get(READ);
      env.clock.advance(8 * HOUR);
    }
    const { from, to, items } = await counted({ requests: 4, refusals: 0 }, '?per=day');
    expect([from, to, items.length]).toEqual(['2031-04-22T00:00:00.000Z', '2031-05-22T00:00:00.000Z', 30]);
    expect(items.slice(-2)).toEqual([
      { at: '2031-05-20T00:00:00.000Z', requests: 2, refusals: 0 },
      { at: '2031-05-21T00:00:00.000Z', requests: 2, refusals: 0 },
    ]);
  });

  it('begins with the hour that holds `from` and ends before `to`', async () => {
    await (await handOut()).get(READ);
    await counted({ requests: 1, refusals: 0 });
    const range = async (from: string, to: string) =>
      (await usage(`?from=2031-05-20T${from}Z&to=2031-05-20T${to}Z`)).items.map((item: any) => [
        item.at.slice(11, 16),
        item.requests,
      ]);
    expect(await range('12:59:59', '13:00:00')).toEqual([['12:00', 1]]);
    expect(await range('11:30:00', '12:00:01')).toEqual([
      ['11:00', 0],
      ['12:00', 1],
    ]);
    expect(await range('11:00:00', '12:00:00')).toEqual([['11:00', 0]]);
  });

  it.each([
    ['per=week', 'per', 'must be one of hour, day'],
    ['from=yesterday', 'from', 'must be an RFC 3339 time, such as 2026-01-31T12:00:00Z'],
    ['to=12', 'to', 'must be an RFC 3339 time, such as 2026-01-31T12:00:00Z'],
    ['from=2031-05-21T00:00:00Z', 'from', 'must be before `to`, which is now where it is not given'],
    ['from=2031-01-01T00:00:00Z', 'from', 'must be 1000 hours before `to` at most'],
    ['per=day&from=2020-01-01T00:00:00Z', 'from', 'must be 1000 days before `to` at most'],
    ['until=2031-05-21T00:00:00Z', 'until', 'is not a parameter of this operation'],
    ['per=day&per=hour', 'per', 'must not be repeated'],
  ])('refuses ?%s, and says why', async (query, field, message) => {
    const { status, body } = await env.admin.get(usagePath(`?${query}`));
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field, message }]);
  });

  it('is for those who may see tokens, and for their own customer alone', async () => {
    const other = await env.addCustomer('20002');
    expect((await other.get(usagePath())).status).toBe(404);
    expect((await env.anonymous.get(usagePath())).status).toBe(401);
    const unscoped = await env.registerClient({ scopes: ['clients:read'] });
    const answer = await unscoped.api.get(usagePath());
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer error="insufficient_scope", error_description="This needs the scope tokens:read.", scope="tokens:read"',
    ]);
    expect((await env.admin.get(usagePath('', 'swagger-ui'))).status).toBe(404);
  });

  it('is stored when the server stops', async () => {
    const api = await handOut();
    for (let time = 0; time < 5; time += 1) await api.get(READ);
    env = await env.restart();
    expect((await usage()).items.at(-1).requests).toBe(5);
  });
});

describe('the usage of all clients', () => {
  const ALL = '/api/v1/usage?from=2033-05-20T12:00:00Z&to=2033-05-20T13:00:00Z';
  const sumOf = async (api: ApiClient) => {
    const { items } = (await api.get(ALL)).body;
    return items.map(({ requests, refusals }: any) => [requests, refusals]);
  };
  /** Each makes so many calls within the hour. */
  const read = async ({ clientId, clientSecret }: RegisteredClient, times: number) => {
    const api = ApiClient.basic(env.url, clientId, clientSecret);
    for (let time = 0; time < times; time += 1) expect((await api.get('/api/v1/clients')).status).toBe(403);
  };

  it('is that of each, added up, within the reach of who asks', async () => {
    const [one, two] = [await env.registerClient(), await env.registerClient()];
    await env.addCustomer('30003');
    const foreign = await env.registerClient({ customer_id: '30003' });
    const ours = (await env.registerClient({ scopes: ['tokens:read'] })).api;
    const theirs = (await env.registerClient({ scopes: ['tokens:read'], customer_id: '30003' })).api;
    await Promise.all([ours, theirs].map((api) => api.get('/api/v1/usage')));
    env.clock.set(new Date('2033-05-20T12:30:00.000Z'));
    await read(one, 2);
    await read(two, 3);
    await read(foreign, 4);
    env.clock.set(NOON);
    await eventually(async () => (await sumOf(env.admin))[0][0] === 9);
    expect(await sumOf(env.admin)).toEqual([[9, 9]]);
    expect(await sumOf(ours)).toEqual([[5, 5]]);
    expect(await sumOf(theirs)).toEqual([[4, 4]]);
    await env.admin.delete(`/api/v1/clients/${one.clientId}`);
    expect(await sumOf(ours)).toEqual([[3, 3]]);
  });

  it('has the shape of that of one', async () => {
    const { body } = await env.admin.get('/api/v1/usage?per=day');
    const { client_id, items, ...range } = await usage('?per=day');
    expect(client_id).toBe(client.clientId);
    expect(body).toEqual({ ...range, items: expect.any(Array) });
    expect(body.items.map(({ at }: any) => at)).toEqual(items.map(({ at }: any) => at));
  });

  it.each([
    ['per=week', 'per'],
    ['from=yesterday', 'from'],
    ['to=2026-02-30', 'to'],
    ['from=2031-01-01', 'from'],
    ['client_id=x', 'client_id'],
  ])('refuses ?%s by name', async (query, field) => {
    const { status, body } = await env.admin.get(`/api/v1/usage?${query}`);
    expect([status, body.errors.map((error: any) => error.field)]).toEqual([400, [field]]);
  });

  it('is for those who may see tokens', async () => {
    const { api } = await env.registerClient({ scopes: ['clients:read'] });
    expect((await api.get('/api/v1/usage')).status).toBe(403);
    expect((await env.anonymous.get('/api/v1/usage')).status).toBe(401);
  });
});
