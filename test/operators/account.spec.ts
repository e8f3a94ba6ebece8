import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import '../support/fast-check.js';
import { ApiClient } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import { Browser, signedIn } from '../support/browser.js';
import { CodeFlow } from '../support/code-flow.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import {
  atConsole,
  canRefresh,
  consoleCode,
  consoleIn,
  redeemAtConsole,
  type AtConsole,
} from '../support/first-party.js';
import { addPerson, type Person } from '../support/people.js';

const ACCOUNT = '/api/v1/account';
const PASSWORD = `${ACCOUNT}/password`;
const SESSIONS = `${ACCOUNT}/sessions`;
const NEW_PASSWORD = 'eight loud gates at dusk';
const LIMIT = 5;
/** In seconds, as the clock counts. */
const HOUR = 60 * 60;

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({
    variables: { POSTERN_RATE_LIMIT_FAILURES: String(LIMIT), POSTERN_TRUSTED_PROXIES: '127.0.0.1' },
  });
});
afterAll(() => env.close());

let addresses = 0;
/** From an address that nobody has failed from, so that one test's guesses are not another's. */
function elsewhere(): Record<string, string> {
  addresses += 1;
  return { 'x-forwarded-for': `192.0.2.${addresses}` };
}

const change = (
  { api }: Pick<AtConsole, 'api'>,
  current: string,
  next = NEW_PASSWORD,
  headers: Record<string, string> = {},
) => api.put(PASSWORD, { body: { current_password: current, new_password: next }, headers });

const reads = async ({ api }: AtConsole) => (await api.get(ACCOUNT)).status;
const isSignedIn = async (browser: Browser) =>
  (await browser.get('/oauth2/sign-in')).text.includes('signed in as');
/** As the console does it, whose requests bear the browser's cookie. */
const withCookie = ({ browser, accessToken }: AtConsole, method: string, path: string, body?: object) =>
  browser.request(method, path, body && JSON.stringify(body), {
    authorization: `Bearer ${accessToken}`,
    ...(body ? { 'content-type': 'application/json' } : {}),
  });

describe('who is signed in', () => {
  it('is said with what he may do, and never with his password', async () => {
    const person = await addPerson(env, { role: 'auditor', email: 'ada@example.com' });
    const { api } = await atConsole(env, person);
    const { status, body, text } = await api.get(ACCOUNT);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: person.id,
      username: person.username,
      email: 'ada@example.com',
      role: 'auditor',
      customer_id: '10001',
      vault: false,
    });
    expect(body.scopes).toEqual(expect.arrayContaining(['audit:read', 'operators:read', 'users:read']));
    expect(body.scopes.filter((scope: string) => scope.endsWith(':write'))).toEqual([]);
    expect(text).not.toMatch(/password|hash|\$2b/);
  });

  it('is anybody who may sign in, whatever his role', async () => {
    const { api } = await atConsole(env, await addPerson(env, { role: 'user' }));
    expect((await api.get(ACCOUNT)).body.role).toBe('user');
    expect((await api.get(SESSIONS)).body.items).toHaveLength(1);
  });
});

describe('whoever is no person in Postern’s own pages', () => {
  const ROUTES: [string, string, object | undefined][] = [
    ['GET', ACCOUNT, undefined],
    ['PUT', PASSWORD, { current_password: 'x', new_password: NEW_PASSWORD }],
    ['GET', SESSIONS, undefined],
    ['DELETE', SESSIONS, undefined],
    ['DELETE', `${SESSIONS}/current`, undefined],
    ['DELETE', `${SESSIONS}/019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f`, undefined],
  ];

  it.each(ROUTES)('is refused, and on record: %s %s', async (method, path, body) => {
    const person = await addPerson(env);
    const flow = await CodeFlow.of(env, {}, person);
    const allowed = ApiClient.bearer(env.url, (await flow.tokens()).accessToken);
    const { api: client } = await env.registerClient();
    for (const caller of [allowed, client]) {
      const denied = await countOf(env, 'access_token.scope_denied');
      const answer = await caller.request(method, path, { body });
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
      expect(await countOf(env, 'access_token.scope_denied')).toBe(denied + 1);
    }
    for (const caller of [env.admin, env.anonymous]) {
      const failed = await countOf(env, 'client_authentication.failed');
      const answer = await caller.request(method, path, { body });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await countOf(env, 'client_authentication.failed')).toBe(failed + 1);
    }
    expect(await isSignedIn(flow.browser)).toBe(true);
  });
});

describe('a new password', () => {
  it('is the one that he signs in with from then on, and that is on record', async () => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const answer = await change(at, person.password);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await new Browser(env.url).signIn(person.username, person.password)).status).toBe(403);
    await signedIn(env, { ...person, password: NEW_PASSWORD });
    const [event] = await auditEvents(env, 'operator.updated');
    expect(event).toMatchObject({
      actor: { kind: 'operator', id: person.username },
      client_id: 'postern-console',
      customer_id: '10001',
      detail: { username: person.username, fields: ['password'] },
    });
    expect(JSON.stringify(event)).not.toContain(NEW_PASSWORD);
  });

  it('ends every other browser with its tokens; this one goes on, and so does what he allowed', async () => {
    const person = await addPerson(env);
    const here = await atConsole(env, person);
    const secondTab = await consoleIn(env, here.browser);
    const there = await atConsole(env, person);
    const application = await CodeFlow.of(env, {}, person);
    const allowed = await application.tokens();
    const body = { current_password: person.password, new_password: NEW_PASSWORD };
    expect((await withCookie(here, 'PUT', PASSWORD, body)).status).toBe(204);
    expect([await isSignedIn(here.browser), await isSignedIn(there.browser)]).toEqual([true, false]);
    expect([await reads(here), await reads(secondTab), await reads(there)]).toEqual([200, 200, 401]);
    expect([await canRefresh(env, here), await canRefresh(env, there)]).toEqual([true, false]);
    expect(await application.reads(allowed.accessToken)).toBe(200);
    const [event] = await auditEvents(env, 'access_token.revoked');
    expect(event).toMatchObject({
      actor: { kind: 'operator', id: person.username },
      detail: { reason: 'password_changed', count: 1, operator: person.username },
    });
  });

  it('that an administrator sets ends the tokens of the console, and leaves what was allowed', async () => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const code = await consoleCode(env, at.browser);
    const application = await CodeFlow.of(env, {}, person);
    const allowed = await application.tokens();
    const path = `/api/v1/operators/${person.id}`;
    expect((await env.admin.patch(path, { body: { password: NEW_PASSWORD } })).status).toBe(200);
    expect([await isSignedIn(at.browser), await reads(at), await canRefresh(env, at)]).toEqual([
      false,
      401,
      false,
    ]);
    expect((await redeemAtConsole(env, code)).body.error).toBe('invalid_grant');
    expect(await application.reads(allowed.accessToken)).toBe(200);
    const [event] = await auditEvents(env, 'access_token.revoked');
    expect(event).toMatchObject({
      actor: { kind: 'client', id: env.adminCredentials.clientId },
      detail: { reason: 'password_changed', count: 1, operator: person.username },
    });
  });

  it('touches nobody else', async () => {
    const person = await addPerson(env);
    const other = await atConsole(env, await addPerson(env));
    expect((await change(await atConsole(env, person), person.password)).status).toBe(204);
    expect([await reads(other), await isSignedIn(other.browser)]).toEqual([200, true]);
  });

  it('changes what an administrator has read of him: the ETag', async () => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const path = `/api/v1/operators/${person.id}`;
    const etag = (await env.admin.get(path)).headers.get('etag')!;
    await change(at, person.password);
    const stale = await env.admin.patch(path, { body: { email: null }, headers: { 'if-match': etag } });
    expect(stale.status).toBe(412);
  });

  it('is made once where two are asked for at the same time', async () => {
    const person = await addPerson(env);
    const at = await atConsole(env, person);
    const candidates = ['the first of the two', 'the second of the two'];
    const answers = await Promise.all(candidates.map((next) => change(at, person.password, next)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([204, 400]);
    const password = candidates[statuses.indexOf(204)]!;
    expect((await new Browser(env.url, elsewhere()).signIn(person.username, password)).status).toBe(303);
  });

  describe('without the current one', () => {
    it('is 400, names the field, changes nothing, and counts as a failed sign-in of his', async () => {
      const person = await addPerson(env);
      const at = await atConsole(env, person);
      const answer = await change(at, 'not his password', NEW_PASSWORD, elsewhere());
      expect([answer.status, answer.body.errors]).toEqual([
        400,
        [{ field: 'current_password', message: 'is not your password' }],
      ]);
      const [event] = await auditEvents(env, 'operator.sign_in_failed');
      expect(event).toMatchObject({
        outcome: 'failure',
        actor: { kind: 'operator', id: person.username },
        client_id: 'postern-console',
        detail: { username: person.username, reason: 'wrong_password' },
      });
      await signedIn(env, person);
    });

    it('is 429 after so many guesses, even with the right one, until the minute is over', async () => {
      const person = await addPerson(env);
      const at = await atConsole(env, person);
      const address = elsewhere();
      const statuses: number[] = [];
      for (let guess = 0; guess <= LIMIT; guess += 1)
        statuses.push((await change(at, `guess number ${guess}`, NEW_PASSWORD, address)).status);
      expect(statuses).toEqual([...Array.from({ length: LIMIT }, () => 400), 429]);
      const locked = await change(at, person.password, NEW_PASSWORD, address);
      expect([locked.status, locked.body.code]).toEqual([429, 'temporarily_unavailable']);
      expect(locked.headers.get('content-type')).toContain('application/problem+json');
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
      // The sign-in page counts the same.
      const { username, password } = person;
      expect((await new Browser(env.url, address).signIn(username, password)).status).toBe(429);
      const [event] = await auditEvents(env, 'operator.locked');
      expect(event).toMatchObject({ detail: { username } });
      env.clock.advance(61);
      expect((await change(at, password, NEW_PASSWORD, address)).status).toBe(204);
    });
  });

  it.each([
    [{ current_password: 'x' }, 'new_password'],
    [{ new_password: NEW_PASSWORD }, 'current_password'],
    [{ current_password: '', new_password: NEW_PASSWORD }, 'current_password'],
    [{ current_password: 'x', new_password: 'too short' }, 'new_password'],
    [{ current_password: 'x', new_password: 'a'.repeat(257) }, 'new_password'],
    [{ current_password: 'x', new_password: ' '.repeat(12) }, 'new_password'],
    [{ current_password: NEW_PASSWORD, new_password: NEW_PASSWORD }, 'new_password'],
    [{ current_password: 1, new_password: NEW_PASSWORD }, 'current_password'],
    [{ current_password: 'x', new_password: null }, 'new_password'],
    [{ current_password: 'x', new_password: NEW_PASSWORD, username: 'owner' }, 'username'],
  ])('is refused by name: %j', async (body, field) => {
    const { api } = await atConsole(env, await addPerson(env));
    const answer = await api.put(PASSWORD, { body });
    expect([answer.status, answer.body.errors?.[0].field]).toEqual([400, field]);
  });

  it('is not one’s own username', async () => {
    const person = await addPerson(env, { username: unique('a-person-of-note') });
    const answer = await change(await atConsole(env, person), person.password, person.username.toUpperCase());
    expect(answer.body.errors).toEqual([{ field: 'new_password', message: 'must not be the username' }]);
  });

  it('whatever is sent, nothing breaks', async () => {
    const { api } = await atConsole(env, await addPerson(env));
    const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(
        fc.record({ current_password: value, new_password: value }, { requiredKeys: [] }),
        async (body) => {
          const { status } = await api.put(PASSWORD, {
            body: JSON.stringify(body),
            headers: {
              'content-type': 'application/json',
            },
          });
          expect([400, 429]).toContain(status);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the sessions of a person', () => {
  let person: Person;
  let here: AtConsole;
  beforeAll(async () => {
    person = await addPerson(env);
    here = await atConsole(env, person);
  });

  it('are listed, the latest first, with this browser’s marked, and without their tokens', async () => {
    const there = new Browser(env.url, { 'user-agent': 'A browser in another room', ...elsewhere() });
    env.clock.advance(1);
    await there.signIn(person.username, person.password);
    const { status, body, text } = await withCookie(here, 'GET', SESSIONS);
    expect(status).toBe(200);
    expect(body.items).toEqual([
      expect.objectContaining({
        user_agent: 'A browser in another room',
        ip: `192.0.2.${addresses}`,
        current: false,
      }),
      expect.objectContaining({ current: true }),
    ]);
    expect(Object.keys(body.items[0])).toEqual([
      'id',
      'signed_in_at',
      'last_seen_at',
      'expires_at',
      'ip',
      'user_agent',
      'current',
    ]);
    const { signed_in_at: from, expires_at: to } = body.items[0];
    expect(Date.parse(to) - Date.parse(from)).toBe(HOUR * 1000);
    expect(text).not.toContain('pss_');
    expect((await here.api.get(SESSIONS)).body.items.map((one: any) => one.current)).toEqual([false, false]);
  });

  it('are listed no more once they are over', async () => {
    const idle = await addPerson(env);
    await signedIn(env, idle);
    env.clock.advance(HOUR + 1);
    const { api } = await atConsole(env, idle);
    expect((await api.get(SESSIONS)).body.items).toHaveLength(1);
  });

  it('end one by one, with the tokens that came of each', async () => {
    const someone = await addPerson(env);
    const first = await atConsole(env, someone);
    env.clock.advance(1);
    const second = await atConsole(env, someone);
    const { body } = await withCookie(first, 'GET', SESSIONS);
    const other = body.items.find((one: any) => !one.current);
    expect((await first.api.delete(`${SESSIONS}/${other.id}`)).status).toBe(204);
    expect([await isSignedIn(first.browser), await isSignedIn(second.browser)]).toEqual([true, false]);
    expect([await reads(first), await reads(second)]).toEqual([200, 401]);
    expect(await canRefresh(env, second)).toBe(false);
    const [event] = await auditEvents(env, 'access_token.revoked');
    expect(event).toMatchObject({ detail: { reason: 'signed_out', operator: someone.username, count: 1 } });
    expect((await first.api.delete(`${SESSIONS}/${other.id}`)).status).toBe(404);
  });

  it('of somebody else are not there', async () => {
    const other = await atConsole(env, await addPerson(env));
    const [{ id }] = (await other.api.get(SESSIONS)).body.items;
    const owner = await atConsole(env);
    const answer = await owner.api.delete(`${SESSIONS}/${id}`);
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    expect([await isSignedIn(other.browser), await reads(other)]).toEqual([true, 200]);
  });

  it.each(['x', '1', '%00', "'--", 'current%20'])('are named by UUID: %s', async (id) => {
    const { api } = await atConsole(env, await addPerson(env));
    const answer = await api.delete(`${SESSIONS}/${id}`);
    expect([answer.status, answer.body.errors?.[0].field ?? answer.body.code]).toEqual([400, 'id']);
  });
});

describe('signing out', () => {
  it('of this browser ends its session with the tokens of all its tabs, and no other', async () => {
    const person = await addPerson(env);
    const here = await atConsole(env, person);
    const secondTab = await consoleIn(env, here.browser);
    env.clock.advance(1);
    const there = await atConsole(env, person);
    const answer = await withCookie(here, 'DELETE', `${SESSIONS}/current`);
    expect([answer.status, here.browser.cookies.has('postern_session')]).toEqual([204, false]);
    for (const tab of [here, secondTab])
      expect([await reads(tab), await canRefresh(env, tab)]).toEqual([401, false]);
    expect([await isSignedIn(there.browser), await reads(there)]).toEqual([true, 200]);
  });

  it('of a browser in which somebody else is signed in ends none of that one’s tokens', async () => {
    const mine = await atConsole(env, await addPerson(env));
    const other = await atConsole(env, await addPerson(env));
    const { accessToken } = mine;
    const answer = await withCookie({ ...other, accessToken }, 'DELETE', `${SESSIONS}/current`);
    expect([answer.status, await reads(other), await reads(mine)]).toEqual([204, 200, 200]);
  });

  it('everywhere ends all sessions and tokens of the console, and leaves what was allowed', async () => {
    const person = await addPerson(env);
    const here = await atConsole(env, person);
    const there = await atConsole(env, person);
    const application = await CodeFlow.of(env, {}, person);
    const allowed = await application.tokens();
    const other = await atConsole(env, await addPerson(env));
    expect((await withCookie(here, 'DELETE', SESSIONS)).status).toBe(204);
    for (const one of [here, there]) {
      expect([await isSignedIn(one.browser), await reads(one), await canRefresh(env, one)]).toEqual([
        false,
        401,
        false,
      ]);
    }
    expect(await application.reads(allowed.accessToken)).toBe(200);
    expect([await isSignedIn(other.browser), await reads(other)]).toEqual([true, 200]);
    const [event] = await auditEvents(env, 'access_token.revoked');
    expect(event).toMatchObject({
      actor: { kind: 'operator', id: person.username },
      detail: { reason: 'signed_out', count: 2, operator: person.username },
    });
  });

  it('everywhere also ends a code that has not been redeemed', async () => {
    const person = await addPerson(env);
    const here = await atConsole(env, person);
    const code = await consoleCode(env, here.browser);
    expect((await here.api.delete(SESSIONS)).status).toBe(204);
    const answer = await redeemAtConsole(env, code);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
  });
});
