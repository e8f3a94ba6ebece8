import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Key } from '../support/client-keys.js';
import { CodeFlow } from '../support/code-flow.js';
import type { TestEnvironment } from '../support/create-test-environment.js';
import { addPerson, type Person } from '../support/people.js';
import { atLocalhost, nextCode, withTotp, wrongCode } from '../support/second-factors.js';
import { launchChromium } from './chromium.js';
import { ConsolePage } from './console-page.js';

/** Longer than a second factor that was shown stands for what is asked next. */
const STALE = 6 * 60;

let env: TestEnvironment;
let browser: Browser;
let grace: Person;
let visit: ConsolePage;
let page: Page;
beforeAll(async () => {
  env = await atLocalhost({
    POSTERN_VAULT: 'true',
    POSTERN_MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
  });
  browser = await launchChromium();
  grace = await addPerson(env, { username: 'grace', role: 'owner' });
  visit = await ConsolePage.open(browser, env, { as: grace, path: '/account' });
  page = visit.page;
  await holdPasskeys(visit);
});
afterEach(() => expect(visit.complaints).toEqual([]));
afterAll(async () => {
  await browser?.close();
  await env?.close();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = (name?: string) => page.getByRole('dialog', { name });
const stepUp = () => dialog('Show your second factor');
const factor = (name: string) =>
  page.getByRole('table', { name: 'Second factors' }).getByRole('row').filter({ hasText: name });

/** A device that holds passkeys, and whose person says yes to all that it asks. */
async function holdPasskeys({ context, page: its }: ConsolePage): Promise<void> {
  const devTools = await context.newCDPSession(its);
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** As it is now: in both themes, and on a phone. */
async function looksWell(name: string): Promise<void> {
  const faults = await visit.accessibilityFaults();
  await visit.shoot(`${name}-desktop-light`);
  await visit.wear('dark');
  faults.push(...(await visit.accessibilityFaults({ coloursAlone: true })));
  await visit.resize('phone');
  const sideways = await visit.scrollsSideways();
  await visit.shoot(`${name}-phone-dark`);
  await visit.wear('light');
  await visit.resize('desktop');
  expect({ faults, sideways }).toEqual({ faults: [], sideways: false });
}

describe('my account', () => {
  let secret: string;

  it('a first factor wants the password; its recovery codes are shown once', async () => {
    visit.forgive(/status of 400/);
    await button('Add an authenticator app').click();
    const current = dialog().getByLabel('Current password', { exact: true });
    await current.fill('not her password');
    await button('Show the QR code').click();
    await dialog().getByText('is not your password').waitFor();
    await current.fill(grace.password);
    await button('Show the QR code').click();
    const picture = dialog().getByRole('img', { name: 'QR code with the key for the app' });
    await picture.waitFor();
    expect(await picture.evaluate((image: any) => image.naturalWidth)).toBeGreaterThan(0);
    await looksWell('second-factor-app');
    await dialog().getByRole('button', { name: 'Copy the key' }).click();
    secret = await page.evaluate('navigator.clipboard.readText()');
    const code = dialog().getByLabel('Code that the app shows now');
    await code.fill(wrongCode(env, secret));
    await button('Add the app').click();
    await dialog().getByText('is not what the app shows now').waitFor();
    await code.fill(nextCode(env, secret));
    await button('Add the app').click();

    await dialog('Your recovery codes').waitFor();
    const codes = await dialog('Your recovery codes').getByRole('listitem').allInnerTexts();
    expect(codes).toHaveLength(10);
    await looksWell('second-factor-recovery-codes');
    const download = page.waitForEvent('download');
    await button('Download them').click();
    expect(await readFile(await (await download).path(), 'utf8')).toContain(codes.join('\n'));
    await button('I have kept them, close').click();
    await dialog().waitFor({ state: 'detached' });
    for (const shown of [secret, codes[0]!]) expect(await page.content()).not.toContain(shown);
    await page.getByText('10 recovery codes are left').waitFor();
  });

  it('a passkey beside it, while the other was shown lately', async () => {
    await button('Add a passkey').click();
    await dialog().getByLabel('Name').fill('The laptop');
    await looksWell('second-factor-passkey');
    await button('Make the passkey').click();
    await factor('The laptop').waitFor();
    expect(await dialog().count()).toBe(0);
    await looksWell('second-factor');
  });

  it('signs in with the passkey', async () => {
    await page.getByRole('button', { name: 'Account: grace' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Username').fill(grace.username);
    await page.getByLabel('Password').fill(grace.password);
    await button('Sign in').click();
    await button('Use a passkey').click();
    await page.waitForURL(`${env.publicUrl}/console/**`);
    await visit.settled();
    await page.getByText('Overview').first().waitFor();
  });

  it('a factor that was not shown lately is asked for, once, and nobody is signed out', async () => {
    visit.forgive(/status of 401/);
    const { clientId, clientSecret } = await env.registerClient({ name: 'Kept' });
    await visit.goto(`/applications/${clientId}?tab=credentials`);
    env.clock.advance(STALE);
    await button('Look at the secret').click();
    await button('Show the client secret').click();
    await stepUp().waitFor();
    await looksWell('step-up');
    await page.keyboard.press('Escape');
    await dialog().getByText('Your second factor was not shown').waitFor();
    await button('Show the client secret').click();
    await stepUp().getByRole('button', { name: 'Use a passkey' }).click();
    const output = page.getByRole('status', { name: 'Client secret' });
    await output.focus();
    expect(await output.innerText()).toBe(clientSecret);
    await button('Done').click();
    await page.getByRole('tab', { name: 'Audit trail' }).click();
    await page.getByRole('link', { name: 'Credential revealed' }).waitFor();
    expect(await page.getByText('Your sign-in is over').count()).toBe(0);
  });

  it('a token is shown after a code, wrong ones said at the field', async () => {
    const { clientId } = await env.registerClient();
    const { body } = await env.admin.post(`/api/v1/clients/${clientId}/tokens`, {
      body: { expires_in: 3600 },
    });
    env.clock.advance(STALE);
    await visit.goto(`/tokens?open=${body.id}`);
    await button('Show the token').click();
    const code = stepUp().getByLabel('Code of your app, or a recovery code');
    await code.fill(wrongCode(env, secret));
    await button('Go on').click();
    await stepUp().locator('[aria-invalid=true]').waitFor();
    await page.keyboard.press('Escape');
    await stepUp().waitFor({ state: 'detached' });
    await dialog('Access token').getByText('Your second factor was not shown').waitFor();
    await button('Show the token').click();
    await code.fill(nextCode(env, secret));
    await button('Go on').click();
    const output = page.getByRole('status', { name: 'Access token' });
    await output.focus();
    expect(await output.innerText()).toBe(body.access_token);
  });

  it('what the code flow left is masked until then, and read again after', async () => {
    const flow = await CodeFlow.of(env, {}, await addPerson(env));
    const { accessToken } = await flow.tokens();
    env.clock.advance(STALE);
    await visit.goto(`/applications/${flow.client.clientId}?tab=code-flow`);
    await button('Show them in full').click();
    await stepUp().getByRole('button', { name: 'Use a passkey' }).click();
    const output = page.getByRole('status', { name: 'Access token' });
    await output.focus();
    expect(await output.innerText()).toBe(accessToken);
  });

  it('new recovery codes, and a factor that goes', async () => {
    env.clock.advance(STALE);
    await visit.goto('/account');
    await button('Make new recovery codes').click();
    await button('Make new codes').click();
    await stepUp().getByRole('button', { name: 'Use a passkey' }).click();
    await dialog('Your recovery codes').waitFor();
    expect(await dialog('Your recovery codes').getByRole('listitem').count()).toBe(10);
    await button('I have kept them, close').click();
    await button('Remove The laptop').click();
    await button('Remove it').click();
    await factor('The laptop').waitFor({ state: 'detached' });
    await factor('Authenticator app').waitFor();
  });
});

describe('operators', () => {
  it('an owner says whom it is required of; then the last one cannot be removed', async () => {
    visit.forgive(/status of 409/);
    await visit.goto('/operators');
    await page.getByLabel('owner', { exact: true }).check();
    await looksWell('second-factor-policy');
    await button('Save').click();
    await page.getByText('Who needs a second factor is saved.').waitFor();
    const { body } = await env.admin.get('/api/v1/second-factor-policy');
    expect(body.required_roles).toEqual(['owner']);

    await visit.goto('/account');
    await button('Remove Authenticator app').click();
    await button('Remove it').click();
    await dialog().getByText('totp is the last one, and your role requires one').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  it('sees what somebody has, and resets it', async () => {
    const { person } = await withTotp(env, { username: 'linus', role: 'admin' });
    await visit.goto('/operators?second_factor=true');
    const linus = page
      .getByRole('table', { name: 'Operators' })
      .getByRole('row')
      .filter({ hasText: 'linus' });
    await linus.getByText('yes', { exact: true }).waitFor();
    await looksWell('second-factor-of-all');
    await button('Second factor of linus').click();
    await dialog('Second factor of linus').getByText('Authenticator app').waitFor();
    await looksWell('second-factor-of-somebody');
    await button('Reset second factor').click();
    await looksWell('second-factor-reset');
    await button('Reset second factor').click();
    await page.getByText('The second factor of linus is reset.').waitFor();
    const { body } = await env.admin.get(`/api/v1/operators/${person.id}/second-factor`);
    expect(body.enrolled).toBe(false);
    await linus.waitFor({ state: 'detached' });
    await visit.goto('/operators?second_factor=false');
    await linus.getByText('none', { exact: true }).waitFor();
  });

  it('an auditor sees both, and changes neither', async () => {
    const as = await addPerson(env, { role: 'auditor' });
    const his = await ConsolePage.open(browser, env, { as, path: '/operators' });
    const policy = his.page.locator('section').filter({ hasText: 'Second factor required for' });
    await policy.getByText('owner').waitFor();
    expect(await policy.getByRole('button').count()).toBe(0);
    await his.page.getByRole('button', { name: 'Second factor of grace' }).click();
    await his.page.getByRole('dialog').getByText('requires one').waitFor();
    expect(await his.page.getByRole('button', { name: 'Reset second factor' }).count()).toBe(0);
    expect(his.complaints).toEqual([]);
    await his.close();
  });

  it('their events read well', async () => {
    await visit.goto('/audit?type=second_factor.policy_changed');
    await page.getByRole('link', { name: 'Second factor policy changed' }).first().click();
    await dialog().getByText('required roles: owner').waitFor();
    await visit.shoot('second-factor-event');
  });
});

describe('an application of high assurance', () => {
  let key: Key;
  beforeAll(async () => {
    key = await Key.create('ES256', { kid: 'first' });
  });
  const keys = () => page.getByLabel('Public keys');
  const held = (name: string) => page.getByRole('switch', { name });

  it('is registered for FAPI 2.0 with a pasted key; a private one never leaves the page', async () => {
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await visit.goto('/applications');
    await button('New application').click();
    await dialog().getByLabel('Name').fill('Payments');
    await button('More settings').click();
    await held('Hold it to the FAPI 2.0 Security Profile').check();
    expect(await held('Bind its tokens to a key').isDisabled()).toBe(true);
    await button('Register application').click();
    await dialog().getByText('Paste its public keys').waitFor();
    await keys().fill(JSON.stringify(key.privateJwk));
    await button('Register application').click();
    await dialog().getByText('This is a private key, and nothing of it was sent.').waitFor();
    await looksWell('fapi2-private-key');
    expect(sent.join()).not.toContain(key.privateJwk.d);
    await keys().fill(JSON.stringify({ ...key.publicJwk, use: 'enc' }));
    await button('Register application').click();
    await dialog().getByText('must be for signatures').waitFor();
    await keys().fill(JSON.stringify(key.publicJwk));
    await dialog().getByText('One key: first (P-256).').waitFor();
    await looksWell('fapi2-form');
    await button('Register application').click();
    await dialog('Payments is registered').getByText('It has no secret').waitFor();
    await visit.shoot('fapi2-registered');
    await button('Open the application').click();
    await visit.settled();
    const { body } = await env.admin.get('/api/v1/clients?name=Payments');
    expect(body.items[0]).toMatchObject({
      profile: 'fapi2',
      token_endpoint_auth_method: 'private_key_jwt',
      require_par: true,
      require_pkce: true,
      dpop_bound_access_tokens: true,
      jwks: { keys: [key.publicJwk] },
    });
  });

  it('its keys stand on its page; it has no secret, and is handed no token', async () => {
    await page.getByRole('tab', { name: 'Credentials' }).click();
    const row = page
      .getByRole('table', { name: 'Public keys' })
      .getByRole('row')
      .filter({ hasText: 'first' });
    await row.getByText('P-256').waitFor();
    await row.getByText(key.thumbprint).waitFor();
    await page.getByText('It has no secret: it proves who it is by a key').waitFor();
    expect(await button('Rotate the secret').count()).toBe(0);
    await looksWell('fapi2-credentials');
    await page.getByRole('tab', { name: 'Access tokens' }).click();
    await page.getByText('No token can be handed out here').waitFor();
    expect(await button('New token').count()).toBe(0);
    await looksWell('fapi2-tokens');
  });

  it('the profile holds its fields; a second key beside the first, and resources, are saved', async () => {
    await page.getByRole('tab', { name: 'Settings' }).click();
    const method = page.getByLabel('How it authenticates');
    expect([await method.isDisabled(), await held('Require PKCE').isDisabled()]).toEqual([true, true]);
    const second = await Key.create('EdDSA', { kid: 'second' });
    await keys().fill(JSON.stringify({ keys: [key.publicJwk, second.privateJwk] }));
    await button('Save').click();
    await page.getByText('This is a private key, and nothing of it was sent.').waitFor();
    await keys().fill(JSON.stringify({ keys: [key.publicJwk, second.publicJwk] }));
    await page.getByText('2 keys: first (P-256), second (Ed25519).').waitFor();
    await page.getByLabel('Resources').fill('not a uri');
    await button('Save').click();
    await page.getByText('must be an absolute URI').waitFor();
    await page.getByLabel('Resources').fill('https://reports.example.com');
    await looksWell('fapi2-settings');
    await button('Save').click();
    await page.getByText('The settings are saved.').waitFor();
    await held('Hold it to the FAPI 2.0 Security Profile').uncheck();
    expect(await held('Require PKCE').isDisabled()).toBe(false);
    await button('Discard changes').click();
    const { body } = await env.admin.get('/api/v1/clients?name=Payments');
    expect(body.items[0].jwks.keys.map(({ kid }: { kid: string }) => kid)).toEqual(['first', 'second']);
    expect(body.items[0].resources).toEqual(['https://reports.example.com']);
  });
});
