import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const SIGN_IN = '/oauth2/sign-in';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());

describe('signing in', () => {
  it('gives a session, and a page that says who is signed in', async () => {
    const { username, password } = env.ownerCredentials;
    const browser = new Browser(env.url);
    const answer = await browser.signIn(username, password);
    expect([answer.status, answer.location]).toEqual([303, SIGN_IN]);
    expect(browser.cookies.get('postern_session')).toMatch(/^pss_/);
    const page = await browser.get(SIGN_IN);
    expect(page.text).toContain('signed in as <strong>owner</strong>');
  });

  it('ends with signing out', async () => {
    const browser = await signedIn(env);
    const token = browser.cookies.get('postern_session')!;
    const answer = await browser.signOut();
    expect([answer.status, answer.location]).toEqual([303, SIGN_IN]);
    expect(browser.cookies.has('postern_session')).toBe(false);
    browser.cookies.set('postern_session', token);
    expect((await browser.get(SIGN_IN)).text).not.toContain('signed in as');
  });

  it('says the same words to an unknown person and a wrong password', async () => {
    const browser = new Browser(env.url);
    const answers = [
      await browser.signIn('owner', 'a wrong password'),
      await browser.signIn('nobody', 'a wrong password'),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(403);
      expect(text).toContain('The username or the password is wrong.');
    }
  });
});
