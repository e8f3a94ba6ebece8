import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents, countOf } from '../support/audit-events.js';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';

const SIGN_IN = '/oauth2/sign-in';
const SIGN_OUT = '/oauth2/sign-out';
const WRONG = 'a wrong password';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({ variables: { POSTERN_RATE_LIMIT_FAILURES: '1000' } });
});
afterAll(() => env.close());

const isSignedIn = async (browser: Browser) => (await browser.get(SIGN_IN)).text.includes('signed in as');

describe('the sign-in page', () => {
  it('is a labelled form that works without a script', async () => {
    const { status, text, headers, forms } = await new Browser(env.url).get(SIGN_IN);
    expect(status).toBe(200);
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('name="viewport"');
    expect(text).toMatch(/<label for="username">.*<input\s+id="username"[^>]*autocomplete="username"/s);
    expect(text).toMatch(
      /<label for="password">.*<input\s+id="password"[^>]*autocomplete="current-password"/s,
    );
    expect(text.match(/\bautofocus\b/g)).toHaveLength(1);
    expect(text).not.toContain('<script');
    expect(forms).toEqual([
      { method: 'post', action: SIGN_IN, fields: { csrf: expect.any(String), username: '', password: '' } },
    ]);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('takes no parameter but the request, and that once', async () => {
    const browser = new Browser(env.url);
    for (const query of ['?username=owner', '?password=x', '?request=x&request=x', '?next=//evil.example'])
      expect((await browser.get(SIGN_IN + query)).status).toBe(400);
  });

  it.each(['x', '', '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f', "'--", '<b>'])(
    'says to start again at the application for the request %j, which is not there',
    async (request) => {
      const browser = new Browser(env.url);
      const { csrf } = (await browser.get(SIGN_IN)).forms[0]!.fields;
      const fields = { ...env.ownerCredentials, csrf, request };
      for (const answer of [
        await browser.get(`${SIGN_IN}?request=${encodeURIComponent(request)}`),
        await browser.post(SIGN_IN, fields),
      ]) {
        expect([answer.status, answer.text.includes('<h1>Start again</h1>')]).toEqual([400, true]);
        expect(answer.text).not.toContain('<b>');
      }
      expect(browser.cookies.has('postern_session')).toBe(false);
    },
  );
});

describe('signing in', () => {
  it('gives a session, a page that says who is signed in, and an event', async () => {
    const { username, password } = env.ownerCredentials;
    const browser = new Browser(env.url);
    const answer = await browser.signIn(username, password);
    expect([answer.status, answer.location, answer.text]).toEqual([303, SIGN_IN, '']);
    expect(answer.setCookie).toEqual([
      expect.stringMatching(/^postern_session=pss_[^;]+; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const page = await browser.get(SIGN_IN);
    expect(page.text).toContain('signed in as <strong>owner</strong>');
    expect(page.text).toContain('href="/oauth2/consents"');
    const [event] = await auditEvents(env, 'operator.signed_in');
    expect(event).toMatchObject({
      outcome: 'success',
      actor: { kind: 'operator', id: 'owner' },
      customer_id: '10001',
      detail: { username: 'owner' },
    });
    const { rows } = await env.database.query('SELECT * FROM operator_sessions');
    expect(JSON.stringify(rows)).not.toContain(browser.cookies.get('postern_session'));
  });

  it('makes a new session each time; the one from before is dead, whoever planted it', async () => {
    const browser = await signedIn(env);
    const planted = browser.cookies.get('postern_session')!;
    const victim = new Browser(env.url);
    victim.cookies.set('postern_session', planted);
    const page = await victim.get(SIGN_IN);
    expect(page.text).toContain('signed in as');
    // He signs in all the same: with a form from before.
    const other = new Browser(env.url);
    const form = (await other.get(SIGN_IN)).forms[0]!;
    other.cookies.set('postern_session', planted);
    const person = await addPerson(env);
    const { username, password } = person;
    expect((await other.post(SIGN_IN, { ...form.fields, username, password })).status).toBe(303);
    expect(other.cookies.get('postern_session')).not.toBe(planted);
    expect((await other.get(SIGN_IN)).text).toContain(`signed in as <strong>${username}</strong>`);
    expect(await isSignedIn(victim)).toBe(false);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('takes no session id that it did not make', async () => {
    const browser = new Browser(env.url);
    for (const made of ['pss_x', `pss_${'A'.repeat(49)}`, 'x', '%00', "'"]) {
      browser.cookies.set('postern_session', made);
      expect(await isSignedIn(browser)).toBe(false);
    }
    const { username, password } = env.ownerCredentials;
    await browser.signIn(username, password);
    expect(browser.cookies.get('postern_session')).toMatch(/^pss_[A-Za-z0-9_-]{49}$/);
  });

  it('fails with the same words for an unknown person, a wrong password and one who is inactive', async () => {
    const idle = await addPerson(env, { active: false });
    const user = await addPerson(env);
    const tries = [
      [user.username, WRONG, 'wrong_password', user.username],
      ['nobody', WRONG, 'unknown_person', '(nobody)'],
      ['my password, into the wrong field', WRONG, 'unknown_person', '(nobody)'],
      [idle.username, idle.password, 'person_inactive', idle.username],
      [idle.username, WRONG, 'wrong_password', idle.username],
    ] as const;
    const pages: string[] = [];
    for (const [username, password, reason, recorded] of tries) {
      const browser = new Browser(env.url);
      const { status, text, forms, setCookie } = await browser.signIn(username, password);
      expect([status, setCookie]).toEqual([403, []]);
      expect(text).toContain('role="alert"');
      expect(forms[0]!.fields).toMatchObject({ username, password: '' });
      expect(text).not.toContain(password);
      pages.push(text.replaceAll(/value="[^"]*"/g, ''));
      const [event] = await auditEvents(env, 'operator.sign_in_failed');
      expect(event).toMatchObject({ outcome: 'failure', detail: { reason, username: recorded } });
      expect(JSON.stringify(event)).not.toMatch(/into the wrong field|a wrong password/);
    }
    expect(new Set(pages).size).toBe(1);
  });

  it.each([
    ['no username', { username: undefined }, 'Username is missing'],
    ['an empty username', { username: '' }, 'Username is missing'],
    ['no password', { password: undefined }, 'Password is missing'],
    ['a username of 65 characters', { username: 'a'.repeat(65) }, 'Username has more than 64 characters'],
    ['a password of 257 characters', { password: 'a'.repeat(257) }, 'Password has more than 256 characters'],
  ])('with %s shows the form again and says so', async (_, fields, words) => {
    const before = await countOf(env, 'operator.sign_in_failed');
    const browser = new Browser(env.url);
    const page = await browser.get(SIGN_IN);
    const answer = await browser.submit(page, SIGN_IN, { username: 'owner', password: WRONG, ...fields });
    expect([answer.status, answer.forms.length]).toEqual([400, 1]);
    expect(answer.text).toContain(words);
    expect(await countOf(env, 'operator.sign_in_failed')).toBe(before);
  });

  it.each(['username', 'password', 'csrf', 'request'])('refuses %s twice', async (field) => {
    const browser = new Browser(env.url);
    const { csrf } = (await browser.get(SIGN_IN)).forms[0]!.fields;
    const form = new URLSearchParams({ ...env.ownerCredentials, csrf: csrf!, [field]: 'x' });
    form.append(field, 'x');
    const answer = await browser.post(SIGN_IN, form);
    expect([answer.status, answer.text.includes(`${field} must not be repeated`)]).toEqual([400, true]);
  });

  it('takes a form alone: JSON and others are 415', async () => {
    const browser = new Browser(env.url);
    for (const type of ['application/json', 'text/csv', 'multipart/form-data; boundary=x', 'text/plain']) {
      const body = JSON.stringify(env.ownerCredentials);
      const answer = await browser.request('POST', SIGN_IN, body, { 'content-type': type });
      expect([type, answer.status]).toEqual([type, 415]);
      expect(answer.headers.get('content-type')).toContain('text/html');
    }
  });

  it.each(['GET', 'PUT', 'DELETE'])('says to %s that the verb is wrong where it is', async (method) => {
    for (const path of method === 'GET' ? [SIGN_OUT] : [SIGN_IN, SIGN_OUT])
      expect((await new Browser(env.url).request(method, path)).status).toBe(405);
  });
});

describe('the token of a form', () => {
  it.each(['missing', 'made up', 'of another browser', 'of another form'])(
    'that is %s signs nobody in, and counts as no failure',
    async (which) => {
      const before = await countOf(env, 'operator.sign_in_failed');
      const browser = new Browser(env.url);
      const own = (await browser.get(SIGN_IN)).forms[0]!.fields.csrf;
      const other = (await new Browser(env.url).get(SIGN_IN)).forms[0]!.fields.csrf;
      const signOut = (await (await signedIn(env)).get(SIGN_IN)).forms[0]!.fields.csrf;
      const csrf = {
        missing: undefined,
        'made up': 'x',
        'of another browser': other,
        'of another form': signOut,
      };
      const { username, password } = env.ownerCredentials;
      const answer = await browser.post(SIGN_IN, {
        username,
        password,
        csrf: csrf[which as keyof typeof csrf],
      });
      expect([answer.status, answer.text.includes('Please try again')]).toEqual([403, true]);
      expect(browser.cookies.has('postern_session')).toBe(false);
      expect(answer.forms[0]!.fields).toEqual({ csrf: own, username, password: '' });
      expect(await countOf(env, 'operator.sign_in_failed')).toBe(before);
      // The form that came with the refusal works.
      expect((await browser.submit(answer, SIGN_IN, { username, password })).status).toBe(303);
    },
  );

  it('is needed to sign out too, and is this session’s own', async () => {
    const browser = await signedIn(env);
    const other = await signedIn(env);
    const foreign = (await other.get(SIGN_IN)).forms[0]!.fields.csrf;
    for (const csrf of [undefined, 'x', foreign]) {
      const answer = await browser.post(SIGN_OUT, { csrf });
      expect([answer.status, answer.setCookie]).toEqual([403, []]);
      expect(await isSignedIn(browser)).toBe(true);
    }
    const again = await browser.post(SIGN_OUT, {});
    expect((await browser.submit(again, SIGN_OUT)).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(false);
    expect(await isSignedIn(other)).toBe(true);
  });
});

describe('signing out', () => {
  it('ends the session for good, and drops the cookie', async () => {
    const browser = await signedIn(env);
    const token = browser.cookies.get('postern_session')!;
    const answer = await browser.signOut();
    expect([answer.status, answer.location]).toEqual([303, SIGN_IN]);
    expect(browser.cookies.has('postern_session')).toBe(false);
    browser.cookies.set('postern_session', token);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('without a session leads to the sign-in page, and nowhere else', async () => {
    const id = '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f';
    const browser = new Browser(env.url);
    expect((await browser.post(SIGN_OUT, {})).location).toBe(SIGN_IN);
    expect((await browser.post(SIGN_OUT, { request: id })).location).toBe(`${SIGN_IN}?request=${id}`);
    for (const request of ['//evil.example', 'https://evil.example', `${id}\r\nx: y`])
      expect((await browser.post(SIGN_OUT, { request })).location).toBe(SIGN_IN);
  });
});

describe('a session', () => {
  it('ends an hour after the last request', async () => {
    const browser = await signedIn(env);
    for (const minutes of [59, 59, 59]) {
      env.clock.advance(minutes * 60);
      expect(await isSignedIn(browser)).toBe(true);
    }
    env.clock.advance(3601);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('ends twelve hours after signing in, however busy', async () => {
    const browser = await signedIn(env);
    for (let half = 1; half < 24; half += 1) {
      env.clock.advance(1800);
      expect(await isSignedIn(browser)).toBe(true);
    }
    env.clock.advance(1800);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('notes the last request once a minute, not each time', async () => {
    const browser = await signedIn(env);
    const seen = async () =>
      (await env.database.query<{ at: Date }>('SELECT max(last_seen_at) AS at FROM operator_sessions'))
        .rows[0]!.at;
    const first = await seen();
    await isSignedIn(browser);
    expect(await seen()).toEqual(first);
    env.clock.advance(61);
    await isSignedIn(browser);
    expect((await seen()).getTime()).toBeGreaterThan(first.getTime());
  });
});
