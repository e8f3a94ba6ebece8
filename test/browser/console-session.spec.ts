import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { launchChromium } from './chromium.js';
import { ConsolePage } from './console-page.js';

const HOUR = 3600;
/** Longer than the console's refresh tokens live, and longer than anybody stays signed in. */
const LONG = 14 * 24 * HOUR;

let env: TestEnvironment;
let browser: Browser;
let visit: ConsolePage;
let page: Page;
beforeAll(async () => {
  env = await createTestEnvironment();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await env?.close();
});
afterEach(async () => {
  const complaints = visit?.complaints;
  await visit?.close();
  expect(complaints).toEqual([]);
});

const heading = (name: string) => page.getByRole('heading', { level: 1, name });
const stored = () => page.evaluate(`JSON.stringify([{ ...localStorage }, { ...sessionStorage }])`);

describe('somebody who is not signed in', () => {
  beforeEach(async () => {
    visit = await ConsolePage.blank(browser, env);
    page = visit.page;
  });

  it('signs in, and is on the page that he asked for; nothing of it is left in the address, the history or the storage', async () => {
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${env.url}/console/audit?outcome=failure#here`);
    await visit.signIn(env.ownerCredentials);
    await heading('Audit log').waitFor();
    expect(page.url()).toBe(`${env.url}/console/audit?outcome=failure#here`);
    const code = new URL(requests.find((url) => url.includes('/console/callback'))!).searchParams.get(
      'code',
    )!;
    expect(code).toMatch(/^psa_/);
    const tokens = /ps[tr]_[\w-]{20}/;
    expect(await stored()).not.toMatch(tokens);
    expect(await stored()).not.toContain(code);
    expect(requests.filter((url) => tokens.test(url))).toEqual([]);
    // Sign-in's own page says that it is over.
    visit.forgive(/status of 400/);
    await page.goBack();
    expect(page.url()).not.toContain('/console');
  });

  it('comes by another name of the same machine, and is sent to the one that sign-in leads back to', async () => {
    const { port } = new URL(env.url);
    visit.forgive(/request to/);
    await page.goto(`http://localhost:${port}/console/scopes`);
    await visit.signIn(env.ownerCredentials);
    await heading('Scopes').waitFor();
    expect(page.url()).toBe(`${env.url}/console/scopes`);
  });

  it('brings an answer that this browser did not ask for: it is not taken, and he may sign in', async () => {
    await page.goto(`${env.url}/console/callback?code=psa_made-up&state=of-somebody&iss=${env.url}`);
    await page.getByRole('alert').getByText('This sign-in was begun elsewhere').waitFor();
    expect(page.url()).toBe(`${env.url}/console/`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Username').waitFor();
  });

  it('is told where the server is down, and gets in when it is back', async () => {
    visit.forgive(/ERR_CONNECTION_REFUSED|status of 502/);
    await page.route('**/.well-known/**', (route) => route.abort('connectionrefused'));
    await page.goto(`${env.url}/console/scopes`);
    await page.getByText('The server cannot be reached.').waitFor();
    await page.unroute('**/.well-known/**');
    await page.route('**/oauth2/token', (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
    await page.getByRole('button', { name: 'Try again' }).click();
    await visit.signIn(env.ownerCredentials);
    await page.getByText('The server cannot be reached.').waitFor();
    await page.unroute('**/oauth2/token');
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading('Scopes').waitFor();
    expect(page.url()).toBe(`${env.url}/console/scopes`);
  });
});

describe('somebody who is signed in', () => {
  beforeEach(async () => {
    visit = await ConsolePage.open(browser, env, { path: '/scopes' });
    page = visit.page;
  });

  it('does not notice that his token ends: another is fetched, once for all who ask', async () => {
    visit.forgive(/status of 401/);
    let refreshes = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/oauth2/token')) refreshes += 1;
    });
    env.clock.advance(16 * 60);
    const renewed = page.waitForResponse('**/oauth2/token');
    await visit.follow('Tokens');
    expect((await renewed).status()).toBe(200);
    await visit.settled();
    expect(refreshes).toBe(1);
  });

  it('and whose sign-in has ended is told so on the page that he is on, signs in again and is back there', async () => {
    visit.forgive(/status of (400|401)/);
    await visit.goto('/audit?outcome=failure');
    env.clock.advance(LONG);
    await page.getByRole('navigation').getByRole('link', { name: 'Tokens' }).click();
    await page.getByRole('dialog', { name: 'Your sign-in is over' }).waitFor();
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await visit.signIn(env.ownerCredentials);
    await heading('Tokens').waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/tokens');
  });

  it('signs out: nothing of the page is left, and Back does not bring it back', async () => {
    await page.getByRole('button', { name: /^Account: / }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Username').waitFor();
    expect(await stored()).not.toMatch(/ps[tr]_/);
    visit.forgive(/status of 400/);
    await page.goBack();
    expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
  });

  it('and cannot sign out, as the server is down, is told so, and is signed in still', async () => {
    visit.forgive(/ERR_CONNECTION_REFUSED/);
    await page.route('**/account/sessions/current', (route) => route.abort('connectionrefused'));
    await page.getByRole('button', { name: /^Account: / }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('The server cannot be reached.').waitFor();
    await heading('Scopes').waitFor();
  });

  it('sees that the server is down, and the list once it is back', async () => {
    visit.forgive(/ERR_CONNECTION_REFUSED/);
    await page.route('**/api/v1/tokens?*', (route) => route.abort('connectionrefused'));
    await page.getByRole('navigation').getByRole('link', { name: 'Tokens' }).click();
    await page.getByRole('alert').getByText('The server does not answer').waitFor();
    await page.unroute('**/api/v1/tokens?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await visit.settled();
  });

  it('reads what the server refuses in its words, with the id of the request', async () => {
    visit.forgive(/status of 400/);
    const refused = page.waitForResponse((response) => response.status() === 400);
    await page.goto(`${env.url}/console/tokens?sort=nonsense`);
    const { detail, request_id } = (await (await refused).json()) as Record<string, string>;
    const alert = page.getByRole('alert').first();
    await alert.getByText(request_id!).waitFor();
    expect(await alert.innerText()).toContain(detail);
  });

  it('finds what went wrong on one page gone on the next', async () => {
    visit.forgive(/undefined|Cannot read|not iterable|is not a function|above error/);
    await page.route('**/api/v1/tokens?*', (route) => route.fulfill({ json: { items: [null] } }));
    await page.getByRole('navigation').getByRole('link', { name: 'Tokens' }).click();
    await page.getByRole('alert').getByText('This did not work').waitFor();
    await page.unroute('**/api/v1/tokens?*');
    await visit.follow('Scopes');
    await heading('Scopes').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('goes anywhere by the keyboard, and sees where he is', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByLabel('Search').waitFor();
    await page.keyboard.type('audit');
    await page.keyboard.press('Enter');
    await heading('Audit log').waitFor();
    const unseen: string[] = [];
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press('Tab');
      const { what, seen } = await page.evaluate<{ what: string; seen: boolean }>(
        `(() => {
           const element = document.activeElement;
           const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
           const { bottom, right } = element.getBoundingClientRect();
           return {
             what: element.tagName + ' ' + (element.getAttribute('aria-label') ?? element.textContent).slice(0, 40),
             seen: outlineStyle !== 'none' && outlineWidth !== '0px' && bottom > 0 && right > 0,
           };
         })()`,
      );
      if (!seen) unseen.push(what);
    }
    expect(unseen).toEqual([]);
  });
});
