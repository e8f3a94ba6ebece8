import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';
import { launchChromium } from './chromium.js';
import { ConsolePage } from './console-page.js';

const NAME = 'Nightly export';
const MINUTE = 60;

let env: TestEnvironment;
let browser: Browser;
let visit: ConsolePage;
let page: Page;
beforeAll(async () => {
  env = await createTestEnvironment({ sampleData: true });
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
const devices = (token: string) => ApiClient.bearer(env.url, token).get('/pam/v1/devices');

/** What is hashed out shows itself to whoever comes to it. */
async function read(what: string): Promise<string> {
  const output = dialog().getByRole('status', { name: what });
  await output.focus();
  return output.innerText();
}

it('an application’s life: registered, calling, with a token that ends, found in the log, revoked, deleted', async () => {
  await visit.follow('API applications');
  await button('New application').click();
  await dialog().getByLabel('Name').fill(NAME);
  await button('Register application').click();
  const clientSecret = await read('Client secret');
  expect(clientSecret).toMatch(/^psc_/);
  const { body: registered } = await env.admin.get(`/api/v1/clients?name=${encodeURIComponent(NAME)}`);
  const clientId: string = registered.items[0].client_id;
  await dialog().getByText(clientId).first().waitFor();
  await button('Open the application').click();
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
  expect(await page.content()).not.toContain(clientSecret);

  const fetched = await env.token(clientId, clientSecret);
  expect((await devices(fetched)).status).toBe(200);
  // Last use is written in batches.
  await eventually(async () => (await env.admin.get(`/api/v1/clients/${clientId}`)).body.last_used_at);
  await visit.goto(`/applications/${clientId}?tab=tokens`);
  const tokens = page.getByRole('table', { name: 'Access tokens' });
  await tokens.getByText('from 127.0.0.1').first().waitFor();

  await button('New token').click();
  await dialog().getByText('1 hour', { exact: true }).click();
  await dialog().getByLabel('Note').fill('For a night');
  await button('Make the token').click();
  const handedOut = await read('Access token');
  await button('Done').click();
  expect((await devices(handedOut)).status).toBe(200);
  env.clock.advance(61 * MINUTE);
  expect((await devices(handedOut)).status).toBe(401);

  // The console's own token has ended meanwhile, too; nobody notices.
  visit.forgive(/status of 401/);
  await visit.follow('Audit log');
  await button('Expired-token calls').click();
  const refusal = page
    .getByRole('table', { name: 'Audit events' })
    .getByRole('row')
    .filter({ hasText: clientId });
  await refusal.first().waitFor();
  await visit.shoot('story-refusal');
  await refusal.first().getByRole('link', { name: clientId }).click();
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();

  const { body: fresh } = await env.admin.post(`/api/v1/clients/${clientId}/tokens`, {
    body: { expires_in: 600 },
  });
  await page.getByRole('tab', { name: 'Access tokens' }).click();
  await button('Revoke all').click();
  await dialog().getByRole('button', { name: 'Revoke all tokens' }).click();
  await page.getByText('All tokens are revoked.').waitFor();
  expect((await devices(fresh.access_token)).status).toBe(401);

  await button('Delete').click();
  await dialog().getByLabel(`Type ${NAME} to confirm`).fill(NAME);
  await dialog().getByRole('button', { name: 'Delete the application' }).click();
  await page.getByRole('heading', { level: 1, name: 'API applications' }).waitFor();
  expect((await env.admin.get(`/api/v1/clients/${clientId}`)).status).toBe(404);
  expect(visit.complaints).toEqual([]);
});
