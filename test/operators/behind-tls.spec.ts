import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({ variables: { POSTERN_PUBLIC_URL: 'https://postern.example.com' } });
});
afterAll(() => env.close());

it('behind TLS the cookies are held to it and to this host', async () => {
  const browser = new Browser(env.url);
  const page = await browser.get('/oauth2/sign-in');
  expect(page.setCookie).toEqual([
    expect.stringMatching(
      /^__Host-postern_browser=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    ),
  ]);
  const { username, password } = env.ownerCredentials;
  const answer = await browser.submit(page, '/oauth2/sign-in', { username, password });
  expect([answer.status, answer.location]).toEqual([303, '/oauth2/sign-in']);
  expect(answer.setCookie).toEqual([
    expect.stringMatching(/^__Host-postern_session=pss_[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
  ]);
  expect((await browser.get('/oauth2/sign-in')).text).toContain('signed in as <strong>owner</strong>');
  // A name without the prefix, which a neighbouring host could set, is not looked at.
  const planted = new Browser(env.url);
  planted.cookies.set('postern_session', browser.cookies.get('__Host-postern_session')!);
  expect((await planted.get('/oauth2/sign-in')).text).not.toContain('signed in as');
  await browser.signOut();
  expect(browser.cookies.has('__Host-postern_session')).toBe(false);
});
