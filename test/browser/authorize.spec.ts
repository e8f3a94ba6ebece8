import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { asking, VERIFIER } from '../authorize/asking.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { launchChromium, shoot } from './chromium.js';

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** What a client does with the answer: it notes it, on another origin than ours. */
class Callback {
  readonly answers: URLSearchParams[] = [];
  private readonly server: Server = createServer((request, response) => {
    const { searchParams, pathname } = new URL(request.url!, 'http://127.0.0.1');
    if (pathname === '/callback') this.answers.push(searchParams);
    response.setHeader('content-type', 'text/html').end('<title>Back</title><p>Back at the application');
  });

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get uri(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/callback`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

let env: TestEnvironment;
let browser: Browser;
let callback: Callback;
let client: { clientId: string; clientSecret: string };
beforeAll(async () => {
  env = await createTestEnvironment();
  browser = await launchChromium();
  callback = new Callback();
  await callback.listen();
  client = await env.registerClient({
    name: 'Cost centre dashboard',
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    redirect_uris: [callback.uri],
    scopes: ['users:read', 'devices:read', 'clients:read'],
  });
});
afterAll(async () => {
  await browser?.close();
  callback?.close();
  await env?.close();
});

const address = () =>
  `${env.url}/oauth2/authorize?${asking(client.clientId, { redirect_uri: callback.uri, scope: 'users:read devices:read clients:read' })}`;

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Username').fill(env.ownerCredentials.username);
  await page.getByLabel('Password').fill(env.ownerCredentials.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('without JavaScript, in a real browser', () => {
  let context: BrowserContext;
  let page: Page;
  const origins: (string | null)[] = [];
  const complaints: string[] = [];
  beforeAll(async () => {
    context = await browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('request', (request) => {
      if (request.method() === 'POST') void request.headerValue('origin').then((one) => origins.push(one));
    });
  });
  afterAll(() => context.close());

  it('a person signs in, allows, and is back at the application with a code that is good', async () => {
    await page.goto(address());
    expect(await page.title()).toContain('Sign in');
    await signIn(page);
    await page.getByRole('heading', { name: 'Allow access?' }).waitFor();
    expect(await page.locator('main').innerText()).toContain('Cost centre dashboard');
    expect(await page.getByRole('listitem').count()).toBe(3);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${callback.uri}?*`);
    const answer = callback.answers.at(-1)!;
    expect([answer.get('state'), answer.get('iss')]).toEqual(['state-1', env.url]);
    const { status } = await env.anonymous.post('/oauth2/token', {
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: answer.get('code')!,
        redirect_uri: callback.uri,
        code_verifier: VERIFIER,
        client_id: client.clientId,
        client_secret: client.clientSecret,
      }),
    });
    expect(status).toBe(200);
  });

  it('the second time the answer follows the sign-in at once: the policy lets the form lead there', async () => {
    await context.clearCookies();
    await page.goto(address());
    const before = callback.answers.length;
    await signIn(page);
    await page.waitForURL(`${callback.uri}?*`);
    expect(callback.answers.length).toBe(before + 1);
    expect(callback.answers.at(-1)!.get('code')).toMatch(/^psa_/);
  });

  it('our own forms say no origin, and are taken; nothing breaks a policy', () => {
    expect(new Set(origins)).toEqual(new Set(['null']));
    expect(complaints).toEqual([]);
  });

  it('a wrong password is said beside the form, which keeps the name', async () => {
    await context.clearCookies();
    await page.goto(address());
    await page.getByLabel('Username').fill('owner');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Username').inputValue()).toBe('owner');
    expect(await page.getByLabel('Password').inputValue()).toBe('');
  });
});

describe.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('on a %s', (size) => {
  it.each(['light', 'dark'] as const)(
    'in %s colours the pages fit, and the keyboard does it all',
    async (colorScheme) => {
      const context = await browser.newContext({ viewport: SIZES[size], colorScheme });
      const page = await context.newPage();
      const picture = (name: string) => shoot(page, `${name}-${size}-${colorScheme}`);
      const focused = () =>
        page.evaluate(`document.activeElement.name || document.activeElement.textContent`);

      await page.goto(`${address()}&prompt=consent`);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(await focused()).toBe('username');
      await picture('sign-in');
      await page.keyboard.type('owner');
      await page.keyboard.press('Tab');
      await page.keyboard.type('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      await picture('sign-in-refused');
      expect(await focused()).toBe('password');
      await page.keyboard.type(env.ownerCredentials.password);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Allow access?' }).waitFor();
      await picture('consent');
      for (const label of ['decision', 'decision']) {
        await page.keyboard.press('Tab');
        expect(await focused()).toBe(label);
      }
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Sign out');
      const wide = await page.evaluate(`document.documentElement.scrollWidth > window.innerWidth`);
      expect(wide).toBe(false);
      await page.goto(`${env.url}/oauth2/consents`);
      await picture('consents');
      await page.goto(`${env.url}/oauth2/authorize?client_id=nobody`);
      await picture('error');
      await context.close();
    },
  );
});
