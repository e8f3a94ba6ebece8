import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents, countOf } from '../support/audit-events.js';
import { Browser, type PageResponse } from '../support/browser.js';
import type { TestEnvironment } from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';
import {
  atLocalhost,
  challenged,
  codeOf,
  FACTORS,
  isSignedIn,
  nextCode,
  nextStep,
  SECOND_FACTOR,
  sentToSignIn,
  signInWithCode,
  type WithTotp,
  withPasskey,
  withTotp,
  wrongCode,
} from '../support/second-factors.js';
import { SoftwarePasskey, type Ceremony } from '../support/software-passkey.js';

const SIGN_IN = '/oauth2/sign-in';
const LIMIT = 20;

let env: TestEnvironment;
beforeAll(async () => {
  env = await atLocalhost({
    POSTERN_RATE_LIMIT_FAILURES: String(LIMIT),
    POSTERN_TRUSTED_PROXIES: '127.0.0.1',
  });
});
afterAll(() => env.close());

let addresses = 0;
/** From an address that nobody has failed from, so that one test's guesses are not another's. */
function elsewhere(): Record<string, string> {
  addresses += 1;
  return { 'x-forwarded-for': `198.51.100.${addresses}` };
}

const show = (browser: Browser, page: PageResponse, code: string) =>
  browser.submit(page, SECOND_FACTOR, { code });
const reasonOfLast = async () => (await auditEvents(env, 'second_factor.failed'))[0].detail.reason;

describe('a person with a second factor', () => {
  let ada: WithTotp;
  beforeAll(async () => {
    ada = await withTotp(env);
  });

  it('is not signed in by his password alone, and is asked by a page that works without a script', async () => {
    const { browser, page } = await challenged(env, ada.person);
    expect(browser.cookies.has('postern_session')).toBe(false);
    expect([page.status, await isSignedIn(browser)]).toEqual([200, false]);
    expect(page.text).toMatch(/<label for="code">.*<input\s+id="code"[^>]*autocomplete="one-time-code"/s);
    expect(page.text).not.toContain('<script');
    expect(page.headers.get('content-security-policy')).not.toContain('script-src');
    expect(page.forms).toEqual([
      { method: 'post', action: SECOND_FACTOR, fields: { csrf: expect.any(String), code: '' } },
    ]);
  });

  it('is in with the code of his app, and the event says by what', async () => {
    const { browser, page } = await challenged(env, ada.person);
    const answer = await show(browser, page, nextCode(env, ada.secret));
    expect([answer.status, answer.location]).toEqual([303, SIGN_IN]);
    expect(await isSignedIn(browser)).toBe(true);
    const [event] = await auditEvents(env, 'operator.signed_in');
    expect(event.detail).toEqual({ username: ada.person.username, second_factor: 'totp' });
  });

  it('may write the code in two halves, and have a clock that is half a minute off', async () => {
    for (const steps of [-1, 0, 1]) {
      env.clock.advance(120);
      nextStep(env);
      const code = codeOf(env, ada.secret, steps).replace(/(...)/, '$1 ');
      expect((await signInWithCode(env, ada.person, code)).status).toBe(303);
    }
  });

  it.each(['wrong', 'of a minute ago', 'of a minute from now', 'no code at all'])(
    'is not in with a code that is %s, and that is on record without the code',
    async (which) => {
      env.clock.advance(120);
      nextStep(env);
      const code = {
        wrong: wrongCode(env, ada.secret),
        'of a minute ago': codeOf(env, ada.secret, -2),
        'of a minute from now': codeOf(env, ada.secret, 2),
        'no code at all': 'the name of my cat',
      }[which]!;
      const { status, text, browser } = await signInWithCode(env, ada.person, code);
      expect([status, await isSignedIn(browser)]).toEqual([403, false]);
      expect(text).toMatch(/role="alert"[^>]*>That is not right, or was used before/);
      const [event] = await auditEvents(env, 'second_factor.failed');
      expect(event).toMatchObject({
        outcome: 'failure',
        actor: { kind: 'anonymous', id: null },
        customer_id: '10001',
        detail: { username: ada.person.username, reason: 'wrong_code' },
      });
      expect(JSON.stringify(event)).not.toContain(code);
    },
  );

  it('is not in with a code that was used before, not even one of before it', async () => {
    const used = nextCode(env, ada.secret);
    const before = codeOf(env, ada.secret, -1);
    expect((await signInWithCode(env, ada.person, used)).status).toBe(303);
    for (const code of [used, before]) {
      expect((await signInWithCode(env, ada.person, code)).status).toBe(403);
      expect(await reasonOfLast()).toBe('used_code');
    }
  });

  it('is in once with twenty tries of one code at the same time, in twenty browsers or in one', async () => {
    for (const browsers of [20, 1]) {
      const challenges = await Promise.all(
        Array.from({ length: browsers }, () => challenged(env, ada.person, elsewhere())),
      );
      const code = nextCode(env, ada.secret);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const { browser, page } = challenges[index % browsers]!;
          return show(browser, page, code);
        }),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 303)).toHaveLength(1);
      expect(statuses.filter((status) => ![303, 400, 403].includes(status))).toEqual([]);
    }
  });

  it('begins anew after five wrong codes, even with the right one', async () => {
    const { browser, page } = await challenged(env, ada.person, elsewhere());
    for (let attempt = 1; attempt < 5; attempt += 1)
      expect((await show(browser, page, wrongCode(env, ada.secret))).status).toBe(403);
    const fifth = await show(browser, page, wrongCode(env, ada.secret));
    expect([fifth.status, fifth.text.includes('<h1>Sign in again</h1>')]).toEqual([400, true]);
    expect((await show(browser, page, nextCode(env, ada.secret))).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('begins anew after five minutes', async () => {
    const { browser, page } = await challenged(env, ada.person);
    env.clock.advance(301);
    expect((await show(browser, page, codeOf(env, ada.secret))).status).toBe(400);
    const again = await browser.get(SECOND_FACTOR);
    expect([again.status, again.location]).toEqual([303, SIGN_IN]);
  });

  it('is asked in the browser in which he showed his password, and in no other', async () => {
    const { page } = await challenged(env, ada.person);
    const other = new Browser(env.url);
    expect((await other.get(SECOND_FACTOR)).location).toBe(SIGN_IN);
    expect((await show(other, page, nextCode(env, ada.secret))).status).toBe(400);
    const { browser: his } = await challenged(env, ada.person);
    // A form of another browser's, and one of before, are no forms of this one.
    expect((await show(his, page, codeOf(env, ada.secret))).status).toBe(403);
    expect(await isSignedIn(his)).toBe(false);
  });

  it('may go on from a page to which he is led, and comes to what he signed in for', async () => {
    const { browser, request } = await sentToSignIn(env);
    const { location } = await browser.signIn(ada.person.username, ada.person.password, request);
    expect(location).toBe(`${SECOND_FACTOR}?request=${request}`);
    const page = await browser.get(location!);
    expect(page.text).toContain('<strong>Cost centres</strong>');
    expect(page.headers.get('content-security-policy')).toContain('https://app.example.com');
    const answer = await show(browser, page, nextCode(env, ada.secret));
    expect(answer.location).toBe(`/oauth2/consent?request=${request}`);
    expect((await browser.get(answer.location!)).text).toContain('Cost centres');
  });

  it.each(['deactivated', 'given another password', 'deleted'])(
    'is not in who was %s since he showed his password',
    async (what) => {
      const { person, secret } = await withTotp(env);
      const { browser, page } = await challenged(env, person);
      const path = `/api/v1/operators/${person.id}`;
      if (what === 'deleted') await env.admin.delete(path);
      else
        await env.admin.patch(path, {
          body: what === 'deactivated' ? { active: false } : { password: 'nine quiet gates at dawn' },
        });
      const { status } = await show(browser, page, nextCode(env, secret));
      expect([403, 400]).toContain(status);
      expect([await isSignedIn(browser), browser.cookies.has('postern_session')]).toEqual([false, false]);
      if (what !== 'deleted') expect(await reasonOfLast()).toBe('person_changed');
    },
  );
});

describe('a recovery code', () => {
  it('stands in for the factor once, however it is written, and that is on record', async () => {
    const { person, recoveryCodes } = await withTotp(env);
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    const [first, second] = recoveryCodes as [string, string];
    expect((await signInWithCode(env, person, first)).status).toBe(303);
    const [used] = await auditEvents(env, 'second_factor.recovery_code_used');
    expect(used).toMatchObject({
      actor: { kind: 'operator', id: person.username },
      detail: { username: person.username, left: 9 },
    });
    expect((await signInWithCode(env, person, first)).status).toBe(403);
    expect(await reasonOfLast()).toBe('used_code');
    const spelled = ` ${second.replaceAll('-', ' ').toUpperCase()}`;
    expect((await signInWithCode(env, person, spelled)).status).toBe(303);
    const [event] = await auditEvents(env, 'operator.signed_in');
    expect(event.detail.second_factor).toBe('recovery_code');
  });

  it('is good once with twenty tries at the same time', async () => {
    const { person, recoveryCodes } = await withTotp(env);
    const challenges = await Promise.all(
      Array.from({ length: 20 }, () => challenged(env, person, elsewhere())),
    );
    const answers = await Promise.all(
      challenges.map(({ browser, page }) => show(browser, page, recoveryCodes[0]!)),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('of somebody else is none', async () => {
    const { recoveryCodes } = await withTotp(env);
    const { person } = await withTotp(env);
    expect((await signInWithCode(env, person, recoveryCodes[0]!)).status).toBe(403);
    expect(await reasonOfLast()).toBe('wrong_code');
  });
});

describe('whoever guesses codes', () => {
  it('is slowed down as with passwords, also by way of the right password again and again', async () => {
    const { person, secret } = await withTotp(env);
    const address = elsewhere();
    const statuses: number[] = [];
    for (let round = 0; round < LIMIT / 4 + 1 && !statuses.includes(429); round += 1) {
      const browser = new Browser(env.url, address);
      const { status } = await browser.signIn(person.username, person.password);
      if (status === 429) break;
      const page = await browser.get(SECOND_FACTOR);
      for (let guess = 0; guess < 4; guess += 1)
        statuses.push((await show(browser, page, wrongCode(env, secret))).status);
    }
    expect(statuses.filter((status) => status === 403)).toHaveLength(LIMIT);
    const [event] = await auditEvents(env, 'operator.locked');
    expect(event.detail).toMatchObject({ username: person.username });
    const locked = await new Browser(env.url, address).signIn(person.username, person.password);
    expect([locked.status, Number(locked.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await signInWithCode(env, person, nextCode(env, secret))).status).toBe(303);
  });

  it('is slowed down in the console too, however often he shows the password between', async () => {
    const { person, at, secret } = await withTotp(env);
    const headers = elsewhere();
    const statuses: number[] = [];
    let current_password = person.password;
    for (const new_password of ['eight loud gates at dusk', 'nine new gates at dawn']) {
      const body = { current_password, new_password };
      const changed = await at.api.put('/api/v1/account/password', { body, headers });
      expect(changed.status).toBe(204);
      current_password = new_password;
      for (let guess = 0; guess < LIMIT / 2 + 1; guess += 1) {
        const code = wrongCode(env, secret);
        const answer = await at.api.post(`${FACTORS}/verification`, { body: { code }, headers });
        statuses.push(answer.status);
      }
    }
    expect(statuses).toEqual([...Array(LIMIT).fill(400), 429, 429]);
  });

  it('from everywhere gets a hundred codes a day; passkeys and recovery codes still go', async () => {
    const { person, secret, recoveryCodes } = await withTotp(env);
    await env.database.query(
      `UPDATE operator_totps SET failures = 99, failing_since = $2 WHERE operator = $1`,
      [person.id, env.clock.now()],
    );
    expect((await signInWithCode(env, person, wrongCode(env, secret))).status).toBe(403);
    expect((await signInWithCode(env, person, nextCode(env, secret))).status).toBe(403);
    expect(await reasonOfLast()).toBe('too_many_codes');
    expect((await signInWithCode(env, person, recoveryCodes[0]!)).status).toBe(303);
    env.clock.advance(24 * 60 * 60);
    expect((await signInWithCode(env, person, codeOf(env, secret))).status).toBe(303);
  });

  it('counts for no longer than a day when the clock has been put back', async () => {
    const { person, secret } = await withTotp(env);
    await env.database.query(
      `UPDATE operator_totps SET failures = 100, failing_since = $2 WHERE operator = $1`,
      [person.id, new Date(env.clock.now().getTime() + 365 * 24 * 60 * 60 * 1000)],
    );
    expect((await signInWithCode(env, person, nextCode(env, secret))).status).toBe(303);
  });

  it('learns of nobody’s second factor before he has the password', async () => {
    const { person } = await withTotp(env);
    const plain = await addPerson(env);
    const pages = await Promise.all(
      [person.username, plain.username, 'nobody'].map(async (username) => {
        const { status, text } = await new Browser(env.url, elsewhere()).signIn(username, 'a wrong password');
        return [status, text.replaceAll(/value="[^"]*"/g, '')].join();
      }),
    );
    expect(new Set(pages).size).toBe(1);
  });
});

describe('a passkey', () => {
  let bob: Awaited<ReturnType<typeof withPasskey>>;
  beforeAll(async () => {
    bob = await withPasskey(env);
  });

  /** What the page's script would send, of a ceremony that may be otherwise than it should. */
  async function shows(passkey: SoftwarePasskey, changes: Partial<Ceremony> = {}) {
    const { browser, page } = await challenged(env, bob.person, elsewhere());
    const { options } = page.forms.find(({ fields }) => 'assertion' in fields)!;
    const assertion = passkey.get(options, { origin: env.publicUrl, ...changes });
    const send = (one: object) => browser.submit(page, SECOND_FACTOR, { assertion: JSON.stringify(one) });
    return { browser, page, assertion, send, answer: await send(assertion) };
  }

  it('is asked for by a page with one script of its own, from here, and a code does too', async () => {
    const { page } = await challenged(env, bob.person);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self';/);
    const [, address] = /<script src="([^"]*)" defer><\/script>/.exec(page.text)!;
    expect(page.text.match(/<script/g)).toHaveLength(1);
    const script = await env.anonymous.get(address!);
    expect([script.status, script.headers.get('content-type')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ]);
    const [passkey, code] = page.forms;
    expect([Object.keys(passkey!.fields), Object.keys(code!.fields)]).toEqual([
      ['csrf', 'assertion'],
      ['csrf', 'code'],
    ]);
    expect(passkey!.options).toMatchObject({
      rpId: 'localhost',
      allowCredentials: [{ id: bob.passkey.id, type: 'public-key' }],
    });
    expect(page.text).toContain('<noscript>');
  });

  it('signs in, and the event says so', async () => {
    const { browser, answer } = await shows(bob.passkey);
    expect([answer.status, await isSignedIn(browser)]).toEqual([303, true]);
    const [event] = await auditEvents(env, 'operator.signed_in');
    expect(event.detail).toEqual({ username: bob.person.username, second_factor: 'passkey' });
  });

  it('answers one challenge once', async () => {
    const { assertion, send } = await shows(bob.passkey);
    expect((await send(assertion)).status).toBe(400);
    const { browser, page } = await challenged(env, bob.person);
    const replayed = await browser.submit(page, SECOND_FACTOR, { assertion: JSON.stringify(assertion) });
    expect([replayed.status, await reasonOfLast()]).toEqual([403, 'wrong_passkey']);
  });

  it.each<[string, Partial<Ceremony>]>([
    ['at another origin', { origin: 'https://phishing.example' }],
    ['at another port', { origin: 'http://localhost:1' }],
    ['for another host name', { rpId: 'phishing.example' }],
    ['to another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ])('that was asked for %s is refused', async (_, changes) => {
    const { answer, browser } = await shows(bob.passkey, changes);
    expect([answer.status, await reasonOfLast()]).toEqual([403, 'wrong_passkey']);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('of nobody, or of somebody else, is refused', async () => {
    const other = await withPasskey(env);
    for (const passkey of [new SoftwarePasskey(), other.passkey])
      expect((await shows(passkey)).answer.status).toBe(403);
  });

  it('that has counted no further may be a copy: it is refused, and on record', async () => {
    const { passkey } = bob;
    await shows(passkey, { signCount: passkey.signCount + 5 });
    const refused = await countOf(env, 'second_factor.failed');
    for (const signCount of [passkey.signCount, passkey.signCount - 1, 0]) {
      const { answer } = await shows(passkey, { signCount });
      expect([answer.status, await reasonOfLast()]).toEqual([403, 'cloned_passkey']);
    }
    expect(await countOf(env, 'second_factor.failed')).toBe(refused + 3);
    expect((await shows(passkey, { signCount: 100 })).answer.status).toBe(303);
  });

  it('that never counts is good all the same', async () => {
    const { person, passkey } = await withPasskey(env);
    for (let time = 0; time < 2; time += 1) {
      const { browser, page } = await challenged(env, person);
      const { options } = page.forms.find(({ fields }) => 'assertion' in fields)!;
      const assertion = passkey.get(options, { origin: env.publicUrl, signCount: 0 });
      const answer = await browser.submit(page, SECOND_FACTOR, { assertion: JSON.stringify(assertion) });
      expect(answer.status).toBe(303);
    }
  });

  it('that was removed is good no more', async () => {
    const { person, at, passkey } = await withPasskey(env);
    const { browser, page } = await challenged(env, person);
    const { options } = page.forms.find(({ fields }) => 'assertion' in fields)!;
    const [{ id }] = (await at.api.get('/api/v1/account/second-factor')).body.passkeys;
    expect((await at.api.delete(`/api/v1/account/second-factor/passkeys/${id}`)).status).toBe(204);
    const assertion = JSON.stringify(passkey.get(options, { origin: env.publicUrl }));
    expect((await browser.submit(page, SECOND_FACTOR, { assertion })).status).toBe(403);
    expect((await new Browser(env.url).signIn(person.username, person.password)).location).toBe(SIGN_IN);
  });

  it.each(['x', '{', '[]', 'null', '{}', '{"id":1}', '{"id":"AAAA","response":{}}', '"\\u0000"'])(
    'that is %s is refused, and nothing breaks',
    async (assertion) => {
      const { browser, page } = await challenged(env, bob.person, elsewhere());
      expect([400, 403]).toContain((await browser.submit(page, SECOND_FACTOR, { assertion })).status);
    },
  );
});

describe('the form of a second factor', () => {
  it.each([
    ['no code', { code: undefined }, 400],
    ['an empty code', { code: '' }, 400],
    ['a code of 65 characters', { code: '1'.repeat(65) }, 400],
    ['no token', { csrf: undefined }, 403],
    ['a made-up token', { csrf: 'x' }, 403],
  ])('with %s is shown again, and nothing is tried', async (_, fields, expected) => {
    const { person, secret } = await withTotp(env);
    const { browser, page } = await challenged(env, person);
    const before = await countOf(env, 'second_factor.failed');
    const code = nextCode(env, secret);
    const answer = await browser.submit(page, SECOND_FACTOR, { code, ...fields });
    expect([answer.status, answer.forms.length]).toEqual([expected, 1]);
    expect(await countOf(env, 'second_factor.failed')).toBe(before);
    expect((await browser.submit(answer, SECOND_FACTOR, { code })).status).toBe(303);
  });

  it('says to start again at the application for a request that is not there', async () => {
    const { person } = await withTotp(env);
    const { browser } = await challenged(env, person);
    expect((await browser.get(`${SECOND_FACTOR}?request=x`)).text).toContain('<h1>Start again</h1>');
    expect((await browser.get(`${SECOND_FACTOR}?next=x`)).status).toBe(400);
    expect((await browser.request('PUT', SECOND_FACTOR)).status).toBe(405);
  });
});
