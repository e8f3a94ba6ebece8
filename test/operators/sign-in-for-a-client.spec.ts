import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asking, CALLBACK, codeClient, codeFor } from '../authorize/asking.js';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';

const SIGN_IN = '/oauth2/sign-in';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());

/** A request that waits for this browser to sign in. */
async function waiting(browser: Browser, name = unique('client')): Promise<string> {
  const { clientId } = await codeClient(env, { name });
  const { location: consent } = await browser.get(`/oauth2/authorize?${asking(clientId)}`);
  const { location } = await browser.get(consent!);
  expect(location).toMatch(/^\/oauth2\/sign-in\?request=/);
  return new URL(location!, env.url).searchParams.get('request')!;
}

describe('signing in for an application', () => {
  it('names it, lets the form lead there, and goes on to the consent page', async () => {
    const browser = new Browser(env.url);
    const request = await waiting(browser, 'The <i>SIEM</i> & more');
    const page = await browser.get(`${SIGN_IN}?request=${request}`);
    expect(page.text).toContain('<strong>The &#60;i&#62;SIEM&#60;/i&#62; &#38; more</strong>');
    const { origin } = new URL(CALLBACK);
    expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' ${origin};`);
    const wrong = await browser.submit(page, SIGN_IN, { username: 'owner', password: 'a wrong password' });
    expect([wrong.status, wrong.forms[0]!.fields.request]).toEqual([403, request]);
    const answer = await browser.submit(wrong, SIGN_IN, { ...env.ownerCredentials });
    expect([answer.status, answer.location]).toEqual([303, `/oauth2/consent?request=${request}`]);
    expect((await browser.get(answer.location!)).status).toBe(200);
  });

  it('is for the browser that began: in another one there is no such request', async () => {
    const request = await waiting(new Browser(env.url));
    const other = new Browser(env.url);
    const { csrf } = (await other.get(SIGN_IN)).forms[0]!.fields;
    for (const answer of [
      await other.get(`${SIGN_IN}?request=${request}`),
      await other.post(SIGN_IN, { ...env.ownerCredentials, csrf, request }),
    ]) {
      expect([answer.status, answer.text.includes('Start again')]).toEqual([400, true]);
      expect(other.cookies.has('postern_session')).toBe(false);
    }
  });

  it('takes a form for this request alone', async () => {
    const browser = new Browser(env.url);
    const request = await waiting(browser);
    const { csrf } = (await browser.get(SIGN_IN)).forms[0]!.fields;
    const answer = await browser.post(SIGN_IN, { ...env.ownerCredentials, csrf, request });
    expect(answer.status).toBe(403);
    expect((await browser.submit(answer, SIGN_IN, { ...env.ownerCredentials })).status).toBe(303);
  });

  it('signing out on the way leads back to the sign-in page of the request', async () => {
    const browser = await signedIn(env);
    const { clientId } = await codeClient(env);
    const { location } = await browser.get(`/oauth2/authorize?${asking(clientId)}`);
    const page = await browser.get(location!);
    const answer = await browser.submit(page, '/oauth2/sign-out');
    const request = new URL(location!, env.url).searchParams.get('request');
    expect([answer.status, answer.location]).toEqual([303, `${SIGN_IN}?request=${request}`]);
    expect((await browser.get(answer.location!)).forms[0]!.action).toBe(SIGN_IN);
  });
});

describe('a person who goes', () => {
  it.each([
    ['is deactivated', 'PATCH', { active: false }],
    ['is removed', 'DELETE', undefined],
  ] as const)('and %s ends the grants and codes that stem from him', async (_, method, body) => {
    const person = await addPerson(env);
    const browser = await signedIn(env, person);
    const { clientId } = await codeClient(env);
    await codeFor(browser, asking(clientId));
    const live = async () =>
      (
        await env.database.query(
          'SELECT 1 FROM authorization_grants WHERE operator = $1 AND revoked_at IS NULL',
          [person.id],
        )
      ).rowCount;
    expect(await live()).toBe(1);
    expect((await env.admin.request(method, `/api/v1/operators/${person.id}`, { body })).status).toBeLessThan(
      300,
    );
    expect(await live()).toBe(0);
    const after = await browser.get(`/oauth2/authorize?${asking(clientId)}`);
    expect((await browser.get(after.location!)).location).toMatch(/^\/oauth2\/sign-in/);
  });
});
