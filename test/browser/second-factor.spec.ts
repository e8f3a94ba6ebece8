import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { TestEnvironment } from '../support/create-test-environment.js';
import { addPerson, type Person } from '../support/people.js';
import { atLocalhost, codeOf, nextCode, withTotp } from '../support/second-factors.js';
import { launchChromium, shoot } from './chromium.js';

let env: TestEnvironment;
let browser: Browser;
beforeAll(async () => {
  env = await atLocalhost();
  browser = await launchChromium();
  await env.database.query(
    `INSERT INTO second_factor_policies (role, required_since) VALUES ('auditor', now())`,
  );
});
afterAll(async () => {
  await browser?.close();
  await env?.close();
});

const signInPage = () => `${env.publicUrl}/oauth2/sign-in`;

async function showPassword(page: Page, { username, password }: Person): Promise<void> {
  await page.goto(signInPage());
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** An authenticator of Chromium's own, in the page's browser: it answers at once. */
async function giveAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
}

const complaintsOf = (page: Page): string[] => {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
};
const isTooWide = (page: Page) => page.evaluate(`document.documentElement.scrollWidth > window.innerWidth`);

describe('with a passkey, in a real browser', () => {
  it('a person who must have one makes it on his way in, and signs in with it from then on', async () => {
    const person = await addPerson(env, { role: 'auditor' });
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await giveAuthenticator(context, page);
    await showPassword(page, person);
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    await page.getByRole('button', { name: 'Make a passkey' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    expect(await page.getByRole('listitem').count()).toBe(10);
    await page.getByRole('link', { name: 'I have kept them' }).click();
    await page.getByText(`You are signed in as ${person.username}`).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await showPassword(page, person);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByText(`You are signed in as ${person.username}`).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('a browser that holds none says so beside the button, and the code still goes', async () => {
    const { person, secret } = await withTotp(env);
    const context = await browser.newContext();
    const page = await context.newPage();
    await giveAuthenticator(context, page);
    await env.database.query(
      `INSERT INTO operator_passkeys (id, operator, name, credential_id, public_key, sign_count, transports, created_at)
       VALUES (gen_random_uuid(), $1, 'Elsewhere', $2, '', 0, '{internal}', now())`,
      [person.id, Buffer.from('held by another device')],
    );
    await showPassword(page, person);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('alert').filter({ hasText: 'cancelled, or took too long' }).waitFor();
    await page.getByLabel('Code of your app').fill(nextCode(env, secret));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(`You are signed in as ${person.username}`).waitFor();
    await context.close();
  });
});

describe('without JavaScript', () => {
  it('a person who must have a second factor enrols an app, and signs in with its codes', async () => {
    const person = await addPerson(env, { role: 'auditor' });
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await showPassword(page, person);
    expect(await page.getByRole('button', { name: 'Make a passkey' }).isVisible()).toBe(false);
    const secret = (await page.locator('code.key').innerText()).replaceAll(' ', '');
    await page.getByLabel('The six digits').fill(codeOf(env, secret));
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('link', { name: 'I have kept them' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await showPassword(page, person);
    await page.getByLabel('Code of your app').fill(nextCode(env, secret));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(`You are signed in as ${person.username}`).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe.each([
  ['desktop', { width: 1280, height: 800 }],
  ['phone', { width: 390, height: 844 }],
] as const)('on a %s', (size, viewport) => {
  it.each(['light', 'dark'] as const)(
    'in %s colours the pages fit, and the keyboard does it all',
    async (colorScheme) => {
      const context = await browser.newContext({ viewport, colorScheme });
      const page = await context.newPage();
      await giveAuthenticator(context, page);
      const picture = async (name: string) => {
        expect(await isTooWide(page)).toBe(false);
        expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
        await shoot(page, `${name}-${size}-${colorScheme}`);
      };
      const focused = () =>
        page.evaluate(`document.activeElement.name || document.activeElement.textContent`);
      const person = await addPerson(env, { role: 'auditor' });
      await showPassword(page, person);
      await page.getByRole('button', { name: 'Make a passkey' }).waitFor();
      expect(await focused()).toBe('code');
      await picture('second-factor-enrolment');
      await page.keyboard.type('000000');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'does not show this code' }).waitFor();
      await picture('second-factor-enrolment-refused');
      await page.getByRole('button', { name: 'Make a passkey' }).press('Enter');
      await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
      await picture('second-factor-recovery-codes');
      await page.getByRole('link', { name: 'I have kept them' }).press('Enter');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await showPassword(page, person);
      await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
      await picture('second-factor-passkey');
      await page.getByLabel('Recovery code').fill('not a code');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'not right' }).waitFor();
      await picture('second-factor-refused');
      const withApp = await withTotp(env);
      await showPassword(page, withApp.person);
      await page.getByLabel('Code of your app').waitFor();
      await picture('second-factor-code');
      await page.goto(`${env.publicUrl}/oauth2/sign-in/second-factor`);
      await context.close();
    },
  );
});
