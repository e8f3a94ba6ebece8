import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser, signedIn } from '../support/browser.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson, type Person } from '../support/people.js';
import { answerOf, asking, codeClient, codeFor, openConsent, type CodeClient } from './asking.js';

let env: TestEnvironment;
let client: CodeClient;
let person: Person;

beforeAll(async () => {
  env = await createTestEnvironment();
  person = await addPerson(env);
});
beforeEach(async () => {
  client = await codeClient(env);
});
afterAll(() => env.close());

describe('prompt=none shows nobody anything', () => {
  const silently = () => asking(client.clientId, { prompt: 'none' });

  it('nobody signed in: login_required', async () => {
    const { parameters } = answerOf(await openConsent(new Browser(env.url), silently()));
    expect(parameters).toMatchObject({ error: 'login_required', state: 'state-1', iss: env.url });
  });

  it('somebody who has to be asked: consent_required', async () => {
    const { parameters } = answerOf(await openConsent(await signedIn(env, person), silently()));
    expect(parameters).toMatchObject({ error: 'consent_required', state: 'state-1', iss: env.url });
  });

  it('somebody who allowed it: a code', async () => {
    const browser = await signedIn(env, person);
    await codeFor(browser, asking(client.clientId));
    const { parameters } = answerOf(await openConsent(browser, silently()));
    expect(parameters.code).toBeDefined();
  });

  it('a public client, which is asked for each time: consent_required', async () => {
    const open = await codeClient(env, { token_endpoint_auth_method: 'none' });
    const browser = await signedIn(env, person);
    await codeFor(browser, asking(open.clientId));
    const again = await openConsent(browser, asking(open.clientId, { prompt: 'none' }));
    expect(answerOf(again).parameters.error).toBe('consent_required');
  });

  it('and the request is over after its answer', async () => {
    const browser = new Browser(env.url);
    const { location } = await browser.get(`/oauth2/authorize?${silently()}`);
    answerOf(await browser.get(location!));
    expect((await browser.get(location!)).status).toBe(400);
  });
});

describe('prompt=login', () => {
  it('wants a sign-in that is newer than the request, once', async () => {
    const browser = await signedIn(env, person);
    await codeFor(browser, asking(client.clientId));
    const page = await openConsent(browser, asking(client.clientId, { prompt: 'login' }));
    expect(page.location).toMatch(/^\/oauth2\/sign-in\?request=/);
    expect((await browser.get(page.location!.replace('sign-in', 'consent'))).location).toBe(page.location);

    const request = page.location!.split('=')[1]!;
    const back = await browser.signIn(person.username, person.password, request);
    expect(answerOf(await browser.get(back.location!)).parameters.code).toBeDefined();
  });
});

describe('prompt=consent', () => {
  it('asks again for what was allowed', async () => {
    const browser = await signedIn(env, person);
    await codeFor(browser, asking(client.clientId));
    const page = await openConsent(browser, asking(client.clientId, { prompt: 'consent' }));
    expect(page.status).toBe(200);
    const answer = await browser.submit(page, '/oauth2/consent', { decision: 'allow' });
    expect(answerOf(answer).parameters.code).toBeDefined();
  });

  it('with login: first the one, then the other', async () => {
    const browser = await signedIn(env, person);
    await codeFor(browser, asking(client.clientId));
    const page = await openConsent(browser, asking(client.clientId, { prompt: 'login consent' }));
    const request = page.location!.split('=')[1]!;
    const back = await browser.signIn(person.username, person.password, request);
    expect((await browser.get(back.location!)).text).toContain('Allow access?');
  });
});
