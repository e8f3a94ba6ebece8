import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';
import { launchChromium } from './chromium.js';
import { ConsolePage, THEMES } from './console-page.js';

const NEW_PASSWORD = 'eight loud gates at dusk';
const PAGES = { account: '/account', scopes: '/scopes', operators: '/operators', customers: '/customers' };

let env: TestEnvironment;
let browser: Browser;
let opened: ConsolePage[] = [];
beforeAll(async () => {
  env = await createTestEnvironment();
  browser = await launchChromium();
});
afterEach(async () => {
  const complaints = opened.flatMap((console) => console.complaints);
  await Promise.all(opened.map((console) => console.close()));
  opened = [];
  expect(complaints).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await env?.close();
});

async function open(path: string, as?: { username: string; password: string }): Promise<ConsolePage> {
  const console = await ConsolePage.open(browser, env, { path, as });
  opened.push(console);
  return console;
}

describe('my account', () => {
  it('changes the password, and the new one signs in', async () => {
    const person = await addPerson(env, { role: 'auditor' });
    const console = await open('/account', person);
    console.forgive(/status of 400/);
    const { page } = console;
    const current = page.getByLabel('Current password', { exact: true });
    await current.fill('not his password');
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel('New password again', { exact: true }).fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('is not your password').waitFor();
    await current.fill(person.password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Your password is changed').waitFor();
    expect(await current.inputValue()).toBe('');
    await open('/account', { ...person, password: NEW_PASSWORD });
  });

  it('marks this browser, ends another, and signs out everywhere', async () => {
    const person = await addPerson(env, { role: 'user' });
    const there = await open('/account', person);
    const here = await open('/account', person);
    const rows = here.page.getByRole('table', { name: 'Browsers' }).locator('tbody tr');
    await rows.getByText('this browser').waitFor();
    expect(await rows.count()).toBe(2);
    await rows.filter({ hasNotText: 'this browser' }).getByRole('button').click();
    await here.page.getByRole('button', { name: 'Sign out there' }).click();
    await here.page.getByText('You are signed out of Chrome').waitFor();
    await there.page.reload();
    await there.page.getByLabel('Username').waitFor();
    await here.page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await here.page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await here.page.getByLabel('Username').waitFor();
  });
});

describe('operators', () => {
  it('adds one who can sign in, changes him, and deletes him', async () => {
    const console = await open('/operators');
    const { page } = console;
    const username = unique('operator');
    await page.getByRole('button', { name: 'Add operator' }).click();
    const window = page.getByRole('dialog');
    await window.getByLabel('Username').fill(username);
    await window.getByRole('textbox', { name: 'Password' }).fill(NEW_PASSWORD);
    await window.getByLabel('Email').fill('somebody@example.com');
    await window.getByLabel('auditor').check();
    await console.shoot('operator-added');
    await window.getByRole('button', { name: 'Add operator' }).click();
    const row = page.getByRole('row').filter({ hasText: username });
    await row.getByText('auditor').waitFor();

    const person = { username, password: NEW_PASSWORD };
    const his = await open('/operators', person);
    expect(await his.page.getByRole('button', { name: /Add operator|Edit|Delete/ }).count()).toBe(0);

    await page.getByRole('button', { name: `Edit ${username}` }).click();
    await window.getByLabel('admin', { exact: true }).check();
    await window.getByRole('button', { name: 'Save' }).click();
    await row.getByText('admin', { exact: true }).waitFor();

    await page.getByRole('button', { name: `Delete ${username}` }).click();
    await window.getByRole('button', { name: 'Delete operator' }).click();
    await row.waitFor({ state: 'detached' });
  });

  it('keeps what was typed where somebody else has changed him meanwhile', async () => {
    const { id, username } = await addPerson(env);
    const console = await open('/operators');
    console.forgive(/status of 412/);
    const { page } = console;
    await page.getByRole('button', { name: `Edit ${username}` }).click();
    const window = page.getByRole('dialog');
    await window.getByLabel('Email').fill('typed@example.com');
    const changed = await env.admin.patch(`/api/v1/operators/${id}`, { body: { role: 'auditor' } });
    expect(changed.status).toBe(200);
    await window.getByRole('button', { name: 'Save' }).click();
    await window.getByText('Somebody else has changed this meanwhile').waitFor();
    await window.getByRole('button', { name: 'Read it again' }).click();
    await window.getByRole('button', { name: 'Read it again' }).waitFor({ state: 'detached' });
    expect(await window.getByLabel('auditor').isChecked()).toBe(true);
    await window.getByRole('button', { name: 'Save' }).click();
    await window.waitFor({ state: 'detached' });
    const { body } = await env.admin.get(`/api/v1/operators/${id}`);
    expect(body).toMatchObject({ email: 'typed@example.com', role: 'auditor' });
  });

  it('says why the last owner stays', async () => {
    const console = await open('/operators');
    console.forgive(/status of 409/);
    await console.page.getByRole('button', { name: 'Delete owner' }).click();
    const window = console.page.getByRole('dialog');
    await window.getByText('That is you').waitFor();
    await window.getByRole('button', { name: 'Delete operator' }).click();
    await window.getByText('is of the last active owner').waitFor();
  });
});

describe('scopes', () => {
  it('makes one that an application is given, which then cannot be deleted', async () => {
    const name = `${unique('scope')}:read`;
    const console = await open('/scopes');
    console.forgive(/status of 409/);
    const { page } = console;
    await page.getByRole('button', { name: 'New scope' }).click();
    const window = page.getByRole('dialog');
    await window.getByLabel('Name').fill(name);
    await window.getByLabel('What it permits').fill('Read the cost centre of each device.');
    await window.getByRole('button', { name: 'Create scope' }).click();
    await window.waitFor({ state: 'detached' });
    const client = await env.registerClient({ scopes: [name] });
    const search = page.getByRole('searchbox', { name: 'Search names and descriptions' });
    await search.fill(name);
    await search.press('Enter');
    await page.getByText('1 scope', { exact: true }).waitFor();
    await page.getByRole('button', { name: `Delete ${name}` }).click();
    await window.getByRole('button', { name: 'Delete scope' }).click();
    await window.getByText('is in use by a client').waitFor();
    await window.getByRole('link', { name: 'Show these applications' }).waitFor();
    await console.shoot('scope-in-use');
    await env.admin.patch(`/api/v1/clients/${client.clientId}`, { body: { scopes: ['users:read'] } });
    await window.getByRole('button', { name: 'Delete scope' }).click();
    await page.getByText('Nothing matches').waitFor();
  });
});

describe('customers', () => {
  it('adds one, whose secrets are shown this once and work', async () => {
    const id = unique('customer');
    const console = await open('/customers');
    const { page } = console;
    await page.getByRole('button', { name: 'Add customer' }).click();
    const window = page.getByRole('dialog');
    await window.getByLabel('Customer id').fill(id);
    await window.getByLabel('Name').fill('Example Corporation');
    await window.getByRole('button', { name: 'Add customer' }).click();
    const secret = window.getByLabel('Secret of Default Client Credential', { exact: true });
    expect(await secret.textContent()).toMatch(/^•+$/);
    await secret.focus();
    const value = (await secret.textContent())!;
    const clientId = (await window.locator('.mono[title]').first().textContent())!;
    expect(await env.token(clientId, value)).toMatch(/^pst_/);
    await console.shoot('customer-added');
    await window.getByRole('button', { name: 'I have copied them' }).click();
    await page.getByRole('row').filter({ hasText: id }).waitFor();
    expect(await page.content()).not.toContain(value);

    await page.getByRole('button', { name: `Rename ${id}` }).click();
    await window.getByLabel('Name').fill('Another Corporation');
    await window.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('row').filter({ hasText: 'Another Corporation' }).waitFor();
  });
});

it.each(Object.entries(PAGES))('%s is readable for everybody, and fits a phone', async (name, path) => {
  const console = await ConsolePage.open(browser, env, { path });
  opened.push(console);
  for (const size of ['desktop', 'phone'] as const) {
    await console.resize(size);
    for (const theme of THEMES) {
      await console.wear(theme);
      const coloursAlone = theme !== THEMES[0];
      expect([size, theme, await console.accessibilityFaults({ coloursAlone })]).toEqual([size, theme, []]);
      await console.shoot(`${name}-${size}-${theme}`);
    }
    expect([size, await console.scrollsSideways()]).toEqual([size, false]);
  }
});
