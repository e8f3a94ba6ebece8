import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { ApiClient } from '../support/api-client.js';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';
import { launchChromium } from './chromium.js';
import { ConsolePage, SIZES, THEMES, type Size } from './console-page.js';

let env: TestEnvironment;
let browser: Browser;
let visit: ConsolePage;
let page: Page;
let client: RegisteredClient;
let expired: ApiClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  client = await env.registerClient({ name: 'Splunk export', scopes: ['devices:read'] });
  await env.admin.post('/api/v1/clients', { body: { name: 'Old CRM', active: false } });
  await env.admin.post('/api/v1/clients', {
    body: { name: 'Ended pilot', valid_until: new Date(Date.now() + 2 * 86_400_000).toISOString() },
  });
  expired = await handOut(1);
  await handOut(3 * 86_400);
  env.clock.advance(2);
  for (let time = 0; time < 3; time += 1) await expired.get('/pam/v1/devices');
  env.clock.set(new Date());
  browser = await launchChromium();
  visit = await ConsolePage.open(browser, env, { path: '/' });
  page = visit.page;
  page.setDefaultTimeout(10_000);
});
afterAll(async () => {
  await browser?.close();
  await env?.close();
});

async function handOut(expires_in: number): Promise<ApiClient> {
  const { body } = await env.admin.post(`/api/v1/clients/${client.clientId}/tokens`, {
    body: { expires_in },
  });
  return ApiClient.bearer(env.url, body.access_token);
}

const link = (name: string | RegExp) => page.getByRole('link', { name });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const events = () => page.getByRole('table', { name: 'Audit events' });
/** Those that show what they say, without the header and the filters. */
const rows = () => events().locator('tr[data-key]');

describe('the overview', () => {
  it('counts, and says in sentences what needs attention', async () => {
    await visit.goto('/');
    for (const words of [
      '3 calls came with expired tokens in the last 24 hours.',
      '1 handed-out token expires within 7 days.',
      '1 handed-out token was never used.',
      'Ended pilot stops being valid',
      '1 application is not active.',
    ])
      await page.getByRole('listitem').filter({ hasText: words }).waitFor();
    const { total } = (await env.admin.get('/api/v1/clients?limit=1&count=true')).body;
    await link(/Active applications/)
      .filter({ hasText: `of ${total}` })
      .waitFor();
    expect(await page.getByRole('img', { name: /requests and 3 refusals in the last 7 days/ }).count()).toBe(
      1,
    );
  });

  it('leads to the calls with expired tokens', async () => {
    await visit.goto('/');
    await link('3 calls').click();
    await rows().nth(2).waitFor();
    expect(await rows().count()).toBe(3);
    expect(new URL(page.url()).searchParams.get('type')).toBe('access_token.expired_use');
  });
});

describe('the audit log', () => {
  it('has expired-token calls one click away, and an event with all that is on record', async () => {
    await visit.goto('/audit');
    await button('Expired-token calls').click();
    await rows().nth(3).waitFor({ state: 'detached' });
    expect(await rows().count()).toBe(3);
    await link('Expired token used').nth(1).click();
    const drawer = page.getByRole('dialog', { name: 'Expired token used' });
    await drawer
      .getByText(/was called with an access token of .* that expired at/)
      .first()
      .waitFor();
    await drawer.getByRole('region', { name: 'Detail, as JSON' }).getByText('expired_at').waitFor();
    await drawer.getByRole('button', { name: 'Copy the client id' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(client.clientId);
    expect(await drawer.getByRole('link', { name: 'Open the application' }).getAttribute('href')).toBe(
      `/console/applications/${client.clientId}`,
    );
    await page.reload();
    await drawer.waitFor();
    await drawer.getByRole('button', { name: 'Close the event' }).click();
    await drawer.waitFor({ state: 'detached' });
  });

  it('draws refusals by their reason, with the same numbers in words', async () => {
    await visit.goto('/audit?range=7d');
    const picture = page.getByRole('img', { name: /refusals in the last 7 days, by their reason/ });
    await picture.locator('.recharts-bar-rectangle').last().waitFor();
    const table = page.getByRole('table', { name: /refusals in the last 7 days/ });
    expect(await table.getByRole('columnheader', { name: 'Expired token used' }).count()).toBe(1);
    expect(await table.getByRole('row').last().getByRole('cell', { name: '3' }).count()).toBe(1);
  });

  it('follows what comes in, and marks it', async () => {
    await visit.goto(`/audit?client_id=${client.clientId}`);
    await page.getByRole('switch', { name: 'Live' }).click();
    await page.getByRole('switch', { name: 'Live', checked: true }).waitFor();
    const before = await rows().count();
    await client.api.get('/pam/v1/users');
    const fresh = events().locator('tr[data-marked]');
    await fresh.filter({ hasText: 'Scope missing' }).waitFor();
    expect(await rows().count()).toBe(before + 1);
    await page.getByRole('status').filter({ hasText: '1 new event' }).waitFor({ state: 'attached' });
    await page.getByRole('switch', { name: 'Live' }).click();
    await page.getByRole('switch', { name: 'Live', checked: false }).waitFor();
    expect(await rows().count()).toBe(before + 1);
  });

  it('says at an address that is none what it must be', async () => {
    visit.forgive(/status of 400/);
    await visit.goto('/audit');
    await page.getByLabel('Filter by address').fill('localhost');
    await page.keyboard.press('Enter');
    await page.getByText('ip must be an IPv4 or IPv6 address').waitFor();
    await button('Clear filters').click();
    await rows().first().waitFor();
  });

  it('is exported as it is filtered', async () => {
    await visit.goto('/audit?type=access_token.expired_use');
    const [download] = await Promise.all([page.waitForEvent('download'), button('Export').click()]);
    expect(download.suggestedFilename()).toMatch(/^audit-events-\d{4}-\d\d-\d\d\.ndjson$/);
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(Array(3).fill('access_token.expired_use'));
    await page.getByText(/is downloaded: 3 rows/).waitFor();
  });

  it('an export can be stopped, and nothing is saved', async () => {
    await visit.goto('/audit');
    await page.route('**/api/v1/audit-events?*', async (route) => {
      if (route.request().headers().accept !== 'application/x-ndjson') return route.fallback();
      // Never answered: it is on its way for as long as somebody waits.
    });
    await button('Export').click();
    await button('Stop').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
});

describe.each(THEMES)('in the %s theme', (theme) => {
  it.each(Object.keys(SIZES) as Size[])('both pages are for everybody, on a %s', async (size) => {
    await visit.resize(size);
    await visit.wear(theme);
    for (const [name, path] of [
      ['overview', '/'],
      ['audit', '/audit'],
    ] as const) {
      await visit.goto(path);
      await page.locator('.recharts-bar-rectangle').last().waitFor();
      expect(await visit.accessibilityFaults()).toEqual([]);
      expect(await visit.scrollsSideways()).toBe(false);
      await visit.shoot(`${name}-${size}-${theme}`);
    }
    await visit.goto('/audit?type=access_token.expired_use');
    await rows().first().getByRole('link', { name: 'Expired token used' }).click();
    await page.getByRole('dialog').getByText('Event id').waitFor();
    expect(await visit.accessibilityFaults()).toEqual([]);
    await visit.shoot(`audit-event-${size}-${theme}`);
    await visit.resize('desktop');
  });
});

it('an auditor sees both, and exports', async () => {
  const person = await addPerson(env, { role: 'auditor' });
  const auditor = await ConsolePage.open(browser, env, { as: person, path: '/' });
  await auditor.page.getByRole('link', { name: '3 calls' }).waitFor();
  await auditor.goto('/audit');
  await auditor.page.getByRole('button', { name: 'Export' }).waitFor();
  expect(auditor.complaints).toEqual([]);
  await auditor.close();
});

it('nothing was complained about', () => {
  expect(visit.complaints).toEqual([]);
});
