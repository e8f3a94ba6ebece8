import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import '../support/fast-check.js';
import { Browser } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const SIGN_IN = '/oauth2/sign-in';
const SIGN_OUT = '/oauth2/sign-out';
const SCRIPT = '"><script>alert(1)</script>\'';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({ variables: { POSTERN_RATE_LIMIT_FAILURES: '100000' } });
});
afterAll(() => env.close());

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(SCRIPT, '', '\u0000', '%', 'javascript:alert(1)', `owner${SCRIPT}`, 'a'.repeat(5000)),
);
const encoded = text.map((one) => encodeURIComponent(one.toWellFormed()));
const raw = fc.constantFrom('%', '%zz', '%ff', '%c3%28', '&', '=', '%00', '\ud800', '<', '"', "'");
const name = fc.oneof(fc.constantFrom('username', 'password', 'csrf', 'request', '__proto__'), encoded);
const body = fc
  .array(fc.tuple(name, fc.oneof(encoded, raw)), { maxLength: 6 })
  .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));

it('whatever is sent to the pages, they answer with what is wrong, and never with a script', async () => {
  const browser = new Browser(env.url);
  await browser.get(SIGN_IN);
  const signedInBefore = await env.database.query('SELECT 1 FROM operator_sessions');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(SIGN_IN, SIGN_OUT),
      body,
      fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/html', 'x'),
      async (path, sent, type) => {
        const answer = await browser.request('POST', path, sent, { 'content-type': type });
        // Signing out without a session leads to the sign-in page.
        expect([303, 400, 403, 413, 415]).toContain(answer.status);
        if (answer.location)
          expect(answer.location).toMatch(/^\/oauth2\/sign-in(\?request=[0-9a-f-]{36})?$/i);
        expect(answer.text).not.toMatch(/<script|javascript:alert\(1\)[^&]*"\s*>.*<a|\bat .*\.js:\d/);
      },
    ),
    { numRuns: 100 },
  );
  expect((await env.database.query('SELECT 1 FROM operator_sessions')).rowCount).toBe(
    signedInBefore.rowCount,
  );
});

it('a query of any kind is refused, or shows the page', async () => {
  const browser = new Browser(env.url);
  await fc.assert(
    fc.asyncProperty(body, async (query) => {
      const answer = await browser.request('GET', `${SIGN_IN}?${query.replaceAll('#', '')}`);
      expect([200, 400]).toContain(answer.status);
      expect(answer.text).not.toContain('<script');
    }),
    { numRuns: 120 },
  );
});

it('a link says nothing on a page of ours but the plain names of parameters', async () => {
  const browser = new Browser(env.url);
  const sentence = 'Please+call+0800+123456+at+once';
  for (const query of [`${sentence}=1`, `${sentence}=1&${sentence}=2`, `${sentence}=%zz`]) {
    const { status, text: page } = await browser.get(`${SIGN_IN}?${query}`);
    expect([status, page]).toEqual([400, expect.not.stringContaining('0800')]);
  }
  expect((await browser.get(`${SIGN_IN}?request=a&request=b`)).text).toContain(
    'request must not be repeated',
  );
});

it('what is typed as a username comes back as text', async () => {
  const browser = new Browser(env.url);
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(names, fc.constantFrom(SCRIPT, '" autofocus x="', '&#39;')), async (typed) => {
      const username = typed.toWellFormed().replaceAll('\u0000', '0');
      const answer = await browser.signIn(username, 'a wrong password');
      expect([answer.status, answer.forms[0]!.fields.username]).toEqual([403, username]);
      expect(answer.text).not.toContain('<script');
    }),
    { numRuns: 25 },
  );
});

it('any cookie is as good as none', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom(...'abcXYZ019_-%="\\,.~'), maxLength: 60 }),
      async (value) => {
        const browser = new Browser(env.url);
        browser.cookies.set('postern_session', value);
        browser.cookies.set('postern_browser', value);
        const answer = await browser.get(SIGN_IN);
        expect([answer.status, answer.forms[0]!.action]).toEqual([200, SIGN_IN]);
        expect(answer.setCookie).toHaveLength(1);
      },
    ),
    { numRuns: 100 },
  );
});
