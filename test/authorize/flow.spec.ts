import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { answerOf, asking, CALLBACK, codeClient, openConsent, type CodeClient } from './asking.js';

let env: TestEnvironment;
let client: CodeClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  client = await codeClient(env, { name: 'Wallboard <b>' });
});
afterAll(() => env.close());

it('a person signs in, is asked, and allows: the client gets a code, its state and the issuer', async () => {
  const browser = new Browser(env.url);
  const toSignIn = await openConsent(browser, asking(client.clientId));
  expect(toSignIn.location).toMatch(/^\/oauth2\/sign-in\?request=/);
  const request = new URLSearchParams(toSignIn.location!.split('?')[1]).get('request')!;
  const { username, password } = env.ownerCredentials;
  const back = await browser.signIn(username, password, request);
  expect(back.location).toBe(`/oauth2/consent?request=${request}`);

  const page = await browser.get(back.location!);
  expect(page.status).toBe(200);
  expect(page.text).toContain('Wallboard &#60;b&#62;');
  expect(page.text).toContain(client.clientId);
  expect(page.text).toContain('app.example.com');
  expect(page.text).toContain('Read the people that the PAM platform knows.');
  expect(page.text).not.toContain('devices:read');
  expect(page.text).toContain(username);

  const answer = await browser.submit(page, '/oauth2/consent', { decision: 'allow' });
  const { to, parameters } = answerOf(answer);
  expect(to).toBe(CALLBACK);
  expect(parameters).toEqual({
    code: expect.stringMatching(/^psa_[A-Za-z0-9_-]{49}$/),
    state: 'state-1',
    iss: env.url,
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it('a person who says no: access_denied, and the request is over', async () => {
  const browser = await signedIn(env);
  const page = await openConsent(browser, asking(client.clientId, { prompt: 'consent' }));
  const denied = await browser.submit(page, '/oauth2/consent', { decision: 'deny' });
  expect(answerOf(denied).parameters).toMatchObject({
    error: 'access_denied',
    state: 'state-1',
    iss: env.url,
  });
  const again = await browser.submit(page, '/oauth2/consent', { decision: 'allow' });
  expect([again.status, again.location]).toEqual([400, null]);
});
