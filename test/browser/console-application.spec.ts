import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { ApiClient } from '../support/api-client.js';
import { CodeFlow } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';
import { launchChromium } from './chromium.js';
import { ConsolePage } from './console-page.js';

let env: TestEnvironment;
let browser: Browser;
let visit: ConsolePage;
let page: Page;
beforeAll(async () => {
  env = await createTestEnvironment();
  browser = await launchChromium();
  visit = await ConsolePage.open(browser, env);
  page = visit.page;
});
afterAll(async () => {
  await browser?.close();
  await env?.close();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const row = (table: string, text: string) =>
  page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: text });
const client = (clientId: string) => `/api/v1/clients/${clientId}`;

/** What stands hashed out on the page, from the clipboard. */
async function copied(label: string): Promise<string> {
  await dialog().getByRole('button', { name: label }).click();
  return page.evaluate('navigator.clipboard.readText()');
}

async function tokenStatus(clientId: string, clientSecret: string): Promise<number> {
  const { status } = await ApiClient.basic(env.url, clientId, clientSecret).post('/oauth2/token', {
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return status;
}

describe('credentials', () => {
  it('a rotation with overlap shows the new secret once, and both are good', async () => {
    const { clientId, clientSecret } = await env.registerClient({ name: 'Rotated' });
    await visit.goto(`/applications/${clientId}?tab=credentials`);
    await button('Rotate the secret').click();
    await dialog().getByText('1 hour', { exact: true }).click();
    await button('Make a new secret').click();
    const secret = await copied('Copy the client secret');
    expect(secret).toMatch(/^psc_/);
    // Hashed out, until somebody comes to it.
    const output = page.getByRole('status', { name: 'Client secret' });
    expect(await output.innerText()).not.toContain(secret);
    await output.focus();
    expect(await output.innerText()).toBe(secret);
    await button('Done').click();
    expect(await page.content()).not.toContain(secret);
    expect([await tokenStatus(clientId, secret), await tokenStatus(clientId, clientSecret)]).toEqual([
      200, 200,
    ]);
    await row('Client secrets', 'expiring').waitFor();
    const { body } = await env.admin.get(`${client(clientId)}/secrets`);
    const [fresh, old] = body.items;
    expect(fresh.expires_at).toBeNull();
    const overlap = Date.parse(old.expires_at) - Date.parse(fresh.created_at);
    expect(Math.round(overlap / 60_000)).toBe(60);

    await row('Client secrets', 'expiring').getByRole('button', { name: 'Delete the secret' }).click();
    await dialog().getByRole('button', { name: 'Delete the secret' }).click();
    await row('Client secrets', 'expiring').waitFor({ state: 'detached' });
    expect(await tokenStatus(clientId, clientSecret)).toBe(401);
  });

  it('a supplied secret that is too short is said at its field', async () => {
    const { clientId } = await env.registerClient({ name: 'Supplied' });
    await visit.goto(`/applications/${clientId}?tab=credentials`);
    await button('Rotate the secret').click();
    await button('Supply the secret yourself').click();
    await page.getByLabel('New secret').fill('short');
    visit.forgive(/status of 400/);
    await button('Make a new secret').click();
    await page.getByText('must be 16 to 256 printable ASCII characters').waitFor();
    await page.getByLabel('New secret').fill('the secret that I chose');
    await button('Make a new secret').click();
    expect(await copied('Copy the client secret')).toBe('the secret that I chose');
    await button('Done').click();
  });
});

describe('access tokens', () => {
  it('a new one is shown once and good for its scopes; revoking it ends it', async () => {
    const { clientId } = await env.registerClient({ name: 'Handed out' });
    await visit.goto(`/applications/${clientId}?tab=tokens`);
    await button('New token').click();
    await dialog().getByText('90 days').click();
    for (const scope of ['users:read', 'tasks:read'])
      await dialog().getByLabel(scope, { exact: true }).uncheck();
    await dialog().getByLabel('Note').fill('For the SIEM of Contoso');
    await button('Make the token').click();
    expect(await copied('Copy the call')).toContain('/pam/v1/user-groups');
    const token = await copied('Copy the access token');
    await button('Done').click();
    expect(await page.content()).not.toContain(token);

    const caller = ApiClient.bearer(env.url, token);
    expect((await caller.get('/pam/v1/devices')).status).toBe(200);
    expect((await caller.get('/pam/v1/users')).status).toBe(403);
    const {
      body: {
        items: [listed],
      },
    } = await env.admin.get(`${client(clientId)}/tokens?status=active&grant_type=operator`);
    expect(listed).toMatchObject({ note: 'For the SIEM of Contoso', issued_by: 'owner' });
    expect(Date.parse(listed.expires_at) - Date.parse(listed.issued_at)).toBe(90 * 86_400_000);

    const tokenRow = row('Access tokens', 'For the SIEM of Contoso');
    await tokenRow.getByRole('button', { name: /^Revoke/ }).click();
    await dialog().getByRole('button', { name: 'Revoke the token' }).click();
    await tokenRow.getByText('revoked').waitFor();
    expect((await caller.get('/pam/v1/devices')).status).toBe(401);
  });

  it('revoking all says how many end, and ends them', async () => {
    const { clientId, api } = await env.registerClient({ name: 'Revoked' });
    for (const note of ['one', 'two'])
      await env.admin.post(`${client(clientId)}/tokens`, { body: { expires_in: 3600, note } });
    await visit.goto(`/applications/${clientId}?tab=tokens`);
    await button('Revoke all').click();
    await dialog().getByText('3 live access tokens stop working at once.').waitFor();
    await button('Revoke all tokens').click();
    await page.getByText('All tokens are revoked.').waitFor();
    await row('Access tokens', 'one').getByText('revoked').waitFor();
    expect((await api.get('/pam/v1/devices')).status).toBe(401);
  });
});

describe('settings', () => {
  const name = () => page.getByRole('textbox', { name: 'Name', exact: true });
  const notes = () => page.getByLabel('Notes');

  it('only what was changed is sent', async () => {
    const { clientId } = await env.registerClient({ name: 'Changed' });
    await visit.goto(`/applications/${clientId}`);
    await notes().fill('Owned by the SOC.');
    await page.getByRole('group', { name: 'Access tokens live: often wanted' }).getByText('1 day').click();
    await button('Save').click();
    await page.getByText('The settings are saved.').waitFor();
    const { body } = await env.admin.get(client(clientId));
    expect(body).toMatchObject({ notes: 'Owned by the SOC.', access_token_ttl: 86_400 });
    const { body: events } = await env.admin.get(
      `/api/v1/audit-events?type=client.updated&client_id=${clientId}`,
    );
    expect(events.items[0].detail.fields).toEqual(['notes', 'access_token_ttl']);
  });

  describe('that somebody else has changed meanwhile', () => {
    let clientId: string;
    beforeAll(() => visit.forgive(/status of 412/));

    async function conflict(): Promise<void> {
      ({ clientId } = await env.registerClient());
      await visit.goto(`/applications/${clientId}`);
      await notes().fill('Mine');
      await env.admin.patch(client(clientId), {
        body: { notes: 'Theirs', redirect_uris: ['https://a.example/cb'] },
      });
      await button('Save').click();
      await page
        .getByRole('alert')
        .getByText('Somebody else has changed this application meanwhile')
        .waitFor();
      const changed = page.getByRole('table', { name: 'What has changed meanwhile' });
      expect(await changed.getByRole('row', { name: /Notes/ }).innerText()).toMatch(/none\s+Theirs\s+Mine/);
      await changed.getByRole('row', { name: /Redirect URIs/ }).waitFor();
      expect(await notes().inputValue()).toBe('Mine');
    }

    it('are saved over where the person says so, and what only the other one changed stays', async () => {
      await conflict();
      await button('Keep mine and save over it').click();
      await page.getByText('The settings are saved.').last().waitFor();
      await button('Keep mine and save over it').waitFor({ state: 'detached' });
      const { body } = await env.admin.get(client(clientId));
      expect(body).toMatchObject({ notes: 'Mine', redirect_uris: ['https://a.example/cb'] });
      expect(await page.getByLabel('Redirect URIs').inputValue()).toBe('https://a.example/cb');
    });

    it('are loaded where he says so, and his own come back at a press', async () => {
      await conflict();
      await button('Load the newest').click();
      expect(await notes().inputValue()).toBe('Theirs');
      await button('Put my changes back').click();
      expect(await notes().inputValue()).toBe('Mine');
      await button('Save').click();
      await button('Discard changes').waitFor({ state: 'detached' });
      expect((await env.admin.get(client(clientId))).body.notes).toBe('Mine');
    });
  });

  it('that are refused are said at their field, and nothing typed is lost', async () => {
    const { clientId } = await env.registerClient();
    await visit.goto(`/applications/${clientId}`);
    visit.forgive(/status of (400|409)/);
    await page.getByLabel('Redirect URIs').fill('http://example.com/callback');
    await button('Save').click();
    await page.getByText('must be https, or http on 127.0.0.1 or [::1]').waitFor();
    await page.getByLabel('Redirect URIs').fill('https://example.com/callback');
    await env.registerClient({ name: 'Taken' });
    await name().fill('Taken');
    await button('Save').click();
    await page.getByText('is taken by another client').waitFor();
    expect(await page.getByLabel('Redirect URIs').inputValue()).toBe('https://example.com/callback');
    await button('Discard changes').click();
  });

  it('that are not saved are not left without a question, and outlast a look at another section', async () => {
    const { clientId } = await env.registerClient();
    await visit.goto(`/applications/${clientId}`);
    await notes().fill('Half a sentence');
    await page.getByRole('tab', { name: 'Credentials' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Tokens' }).click();
    await button('Stay here').click();
    await page.getByRole('tab', { name: 'Settings' }).click();
    expect(await notes().inputValue()).toBe('Half a sentence');
    await page.getByRole('navigation').getByRole('link', { name: 'Tokens' }).click();
    await button('Leave without saving').click();
    await page.getByRole('heading', { level: 1, name: 'Tokens' }).waitFor();
  });
});

describe('deleting', () => {
  it('asks for the name, says how many tokens end, and ends them', async () => {
    const { clientId, api } = await env.registerClient({ name: 'Deleted' });
    await visit.goto(`/applications/${clientId}`);
    await page.getByLabel('Notes').fill('not saved');
    await button('Delete').click();
    await dialog().getByText('1 live access token stops working at once.').waitFor();
    const confirm = dialog().getByRole('button', { name: 'Delete the application' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByLabel('Type Deleted to confirm').fill('Deleted');
    await confirm.click();
    await page.getByRole('heading', { level: 1, name: 'API applications' }).waitFor();
    expect((await api.get('/pam/v1/devices')).status).toBe(401);
    visit.forgive(/status of 404/);
    await visit.goto(`/applications/${clientId}`);
    await page.getByRole('heading', { name: 'There is no such application' }).waitFor();
  });
});

it('an auditor reads everything, and is offered nothing that he cannot do', async () => {
  const { clientId } = await env.registerClient({ name: 'Read', notes: 'To be read' });
  const auditor = await addPerson(env, { role: 'auditor' });
  const reading = await ConsolePage.open(browser, env, { as: auditor, path: `/applications/${clientId}` });
  await reading.page.getByText('To be read').waitFor();
  const sections = {
    Credentials: 'active',
    'Access tokens': 'by the application',
    Usage: 'Show the numbers',
    'Code flow': 'Nobody has signed in through it yet',
    'Audit trail': 'Application created',
  };
  for (const [tab, content] of Object.entries(sections)) {
    await reading.page.getByRole('tab', { name: tab }).click();
    await reading.page.getByRole('tabpanel', { name: tab }).getByText(content).first().waitFor();
    const deeds = reading.page.getByRole('button', { name: /rotate|delete|revoke|new token|save|look at/i });
    expect(await deeds.count()).toBe(0);
  }
  expect(reading.complaints).toEqual([]);
  await reading.close();
});

it('an admin is told which scopes he lacks, and may still revoke', async () => {
  const { clientId } = await env.registerClient({
    name: 'Above him',
    scopes: ['operators:read', 'users:read'],
  });
  const admin = await addPerson(env, { role: 'admin' });
  const looking = await ConsolePage.open(browser, env, { as: admin, path: `/applications/${clientId}` });
  await looking.page.getByText('It holds scopes that you do not have: operators:read.').waitFor();
  await looking.page.getByRole('tab', { name: 'Access tokens' }).click();
  await looking.page.getByRole('button', { name: 'Revoke all', exact: true }).waitFor();
  expect(await looking.page.getByRole('button', { name: 'New token' }).count()).toBe(0);
  await looking.close();
});

it('the last run of the code flow stands there, its code and token masked', async () => {
  const flow = await CodeFlow.of(env);
  await flow.redeem(await flow.code());
  await visit.goto(`/applications/${flow.client.clientId}?tab=code-flow`);
  const { body } = await env.admin.get(client(flow.client.clientId));
  const { authorization_code, access_token, code_created_at_unix } = body.last_authorization;
  const panel = page.getByRole('tabpanel', { name: 'Code flow' });
  for (const text of [authorization_code, access_token, `Unix ${code_created_at_unix}`, 'owner'])
    await panel.getByText(text).first().waitFor();
});

describe('where the vault is on', () => {
  let owner: ConsolePage;
  beforeAll(async () => {
    const key = randomBytes(32).toString('base64');
    env = await env.restart({ POSTERN_VAULT: 'true', POSTERN_MASTER_KEY: key });
    owner = await ConsolePage.open(browser, env);
  });

  it('an owner looks at a secret again, it is on record, and gone with the window', async () => {
    const { clientId, clientSecret } = await env.registerClient({ name: 'Kept' });
    await owner.goto(`/applications/${clientId}?tab=credentials`);
    await owner.page.getByRole('button', { name: 'Look at the secret' }).click();
    await owner.page.getByText('Every look is on record').waitFor();
    await owner.page.getByRole('button', { name: 'Show the client secret' }).click();
    const output = owner.page.getByRole('status', { name: 'Client secret' });
    await output.focus();
    expect(await output.innerText()).toBe(clientSecret);
    await owner.page.getByRole('button', { name: 'Done' }).click();
    await output.waitFor({ state: 'detached' });
    await owner.page.getByRole('tab', { name: 'Audit trail' }).click();
    await owner.page.getByRole('link', { name: 'Credential revealed' }).waitFor();
    expect(await owner.page.content()).not.toContain(clientSecret);
  });

  it('and at a token that was handed out', async () => {
    const { clientId } = await env.registerClient({ name: 'Kept token' });
    const handedOut = { body: { expires_in: 3600, note: 'to look at' } };
    const { body } = await env.admin.post(`${client(clientId)}/tokens`, handedOut);
    await owner.goto(`/applications/${clientId}?tab=tokens`);
    await owner.page.getByRole('button', { name: `Look at ${body.hint}` }).click();
    await owner.page.getByRole('button', { name: 'Show the access token' }).click();
    const output = owner.page.getByRole('status', { name: 'Access token' });
    await output.focus();
    expect(await output.innerText()).toBe(body.access_token);
    expect(owner.complaints).toEqual([]);
  });
});

it('nothing on the console, and no breach of its policy', () => {
  expect(visit.complaints).toEqual([]);
});
