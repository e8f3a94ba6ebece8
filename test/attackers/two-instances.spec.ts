import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { basicAuthorization } from '../support/api-client.js';
import { Browser } from '../support/browser.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { ServerProcess } from '../support/server-process.js';

const LIMIT = 5;
/** So many tries of one pair an instance makes at a time: they may be under way when the lock begins. */
const AT_A_TIME = 4;
const AT_ONCE = 40;
const SUPPLIED = 'a secret that somebody chose';

describeOnPostgres('guesses count on all instances together', () => {
  let env: TestEnvironment;
  let urls: string[];
  beforeAll(async () => {
    const variables = { POSTERN_RATE_LIMIT_FAILURES: String(LIMIT), POSTERN_TRUSTED_PROXIES: '127.0.0.1' };
    env = await createTestEnvironment({ variables });
    const other = await ServerProcess.start({ DATABASE_URL: env.databaseUrl!, ...variables });
    urls = [env.url, other.url];
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await env.close();
  });

  /** To each of the instances in turn. */
  const inTurn = <Answer>(count: number, ask: (url: string, n: number) => Promise<Answer>) =>
    Promise.all(Array.from({ length: count }, (_, n) => ask(urls[n % urls.length]!, n)));

  async function token(url: string, ip: string, clientId: string, secret: string): Promise<number> {
    const headers = { authorization: basicAuthorization(clientId, secret), 'x-forwarded-for': ip };
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    return (await env.anonymous.at(url).post('/oauth2/token', { body, headers })).status;
  }

  it('of a client’s secret: one after the other no more are let through than from one', async () => {
    const { clientId } = await env.registerClient({ client_secret: SUPPLIED });
    const statuses: number[] = [];
    for (let n = 0; n < 2 * LIMIT; n += 1)
      statuses.push(await token(urls[n % 2]!, '198.51.100.1', clientId, `a wrong secret ${n}`));
    expect(statuses).toEqual([...Array(LIMIT).fill(401), ...Array(LIMIT).fill(429)]);
    // Even the right one, on both; and from elsewhere nobody is locked out.
    for (const url of urls) {
      expect(await token(url, '198.51.100.1', clientId, SUPPLIED)).toBe(429);
      expect(await token(url, '198.51.100.2', clientId, SUPPLIED)).toBe(200);
    }
  });

  it('of a client’s secret: many at once get hardly further', async () => {
    const { clientId } = await env.registerClient({ client_secret: SUPPLIED });
    const statuses = await inTurn(AT_ONCE, (url, n) =>
      token(url, '198.51.100.3', clientId, `a wrong secret ${n}`),
    );
    const tried = statuses.filter((status) => status === 401).length;
    expect(tried).toBeGreaterThanOrEqual(LIMIT);
    expect(tried).toBeLessThanOrEqual(LIMIT + urls.length * AT_A_TIME - 1);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });

  it('of a password: exactly as many are let through, at once or not', async () => {
    const username = unique('nobody');
    const statuses = await inTurn(20, async (url) => {
      const browser = new Browser(url, { 'x-forwarded-for': '198.51.100.4' });
      return (await browser.signIn(username, 'a wrong password')).status;
    });
    expect(statuses.filter((status) => status === 403)).toHaveLength(LIMIT);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20 - LIMIT);
  });
});
