import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents, countOf } from '../support/audit-events.js';
import { Browser } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const LIMIT = 3;
const WRONG = 'a wrong password';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({
    variables: { POSTERN_RATE_LIMIT_FAILURES: String(LIMIT), POSTERN_TRUSTED_PROXIES: '127.0.0.1' },
  });
});
afterAll(() => env.close());

let addresses = 0;
/** An address that nobody has failed from. */
function freshAddress(): string {
  addresses += 1;
  return `192.0.2.${addresses}`;
}
const from = (ip = freshAddress()) => new Browser(env.url, { 'x-forwarded-for': ip });

async function fail(browser: Browser, times: number, username = 'owner'): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < times; i += 1) statuses.push((await browser.signIn(username, WRONG)).status);
  return statuses;
}

async function signIn(browser: Browser): Promise<number> {
  const { username, password } = env.ownerCredentials;
  return (await browser.signIn(username, password)).status;
}

describe('who guesses too often', () => {
  it('waits, even with the right password, and is on record once', async () => {
    const failed = await countOf(env, 'operator.sign_in_failed');
    const locked = await countOf(env, 'operator.locked');
    const ip = freshAddress();
    const attacker = from(ip);
    expect(await fail(attacker, LIMIT + 2)).toEqual([403, 403, 403, 429, 429]);
    const { username, password } = env.ownerCredentials;
    const answer = await attacker.signIn(username, password);
    expect(answer.status).toBe(429);
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(answer.text).toContain(`try again in ${seconds} seconds`);
    expect(attacker.cookies.has('postern_session')).toBe(false);
    expect(await countOf(env, 'operator.sign_in_failed')).toBe(failed + LIMIT);
    expect(await countOf(env, 'operator.locked')).toBe(locked + 1);
    const [event] = await auditEvents(env, 'operator.locked');
    expect(event).toMatchObject({ outcome: 'failure', ip, detail: { username: 'owner' } });
  });

  it('locks nobody out elsewhere', async () => {
    expect(await fail(from(), LIMIT + 1)).toContain(429);
    expect(await signIn(from())).toBe(303);
  });

  it('gets no further by spelling the name otherwise, nor by another address of the same /64', async () => {
    await fail(from('2001:db8::1'), LIMIT);
    expect(await fail(from('2001:db8::ffff:2'), 1, 'OWNER')).toEqual([429]);
    expect(await fail(from('2001:db8:0:1::1'), 1)).toEqual([403]);
  });

  it('is free again when the minute is over, however often he asked meanwhile', async () => {
    const attacker = from();
    await fail(attacker, LIMIT + 1);
    env.clock.advance(30);
    expect(await fail(attacker, 2)).toEqual([429, 429]);
    env.clock.advance(31);
    expect(await signIn(attacker)).toBe(303);
  });

  it('begins anew after a success', async () => {
    const ip = freshAddress();
    for (let round = 0; round < 3; round += 1) {
      const browser = from(ip);
      expect(await fail(browser, LIMIT - 1)).toEqual([403, 403]);
      expect(await signIn(browser)).toBe(303);
    }
  });

  it('is told nothing of who there is', async () => {
    const one = from();
    const other = from();
    expect(await fail(one, LIMIT + 1)).toEqual(await fail(other, LIMIT + 1, 'nobody'));
    const pages = [await one.signIn('owner', WRONG), await other.signIn('nobody', WRONG)].map(({ text }) =>
      text.replaceAll(/value="[^"]*"|\d+ seconds/g, ''),
    );
    expect(pages[0]).toBe(pages[1]);
    const [event] = await auditEvents(env, 'operator.locked');
    expect(event.detail.username).toBe('(nobody)');
  });

  it('gets no further with many names: the address has a limit too', async () => {
    const locked = await countOf(env, 'operator.locked');
    const attacker = from();
    const statuses: number[] = [];
    for (let i = 0; i < 5 * LIMIT + 2; i += 1) statuses.push(...(await fail(attacker, 1, `name-${i}`)));
    expect(statuses).toEqual([...Array(5 * LIMIT).fill(403), 429, 429]);
    expect(await countOf(env, 'operator.locked')).toBe(locked + 1);
    expect(await fail(from(), 1)).toEqual([403]);
  });

  it('gets no further with many attempts at once', async () => {
    const locked = await countOf(env, 'operator.locked');
    const attacker = from();
    const page = await attacker.get('/oauth2/sign-in');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        attacker.submit(page, '/oauth2/sign-in', { username: 'owner', password: WRONG }),
      ),
    );
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(LIMIT);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20 - LIMIT);
    expect(await countOf(env, 'operator.locked')).toBe(locked + 1);
  });

  it('leaves counts that name nobody', async () => {
    await fail(from(), 1);
    const { rows } = await env.database.query('SELECT key FROM failed_authentications');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/owner|192\./);
  });
});
