import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { aDevice, importRows } from '../inventory/fixtures.js';
import { ApiClient } from '../support/api-client.js';
import { Prover } from '../support/client-keys.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';
import { addPerson, type Person } from '../support/people.js';
import { until } from '../support/waiting.js';
import { launchChromium } from './chromium.js';
import { ConsolePage, THEMES } from './console-page.js';

const DAY = 86_400;

let env: TestEnvironment;
let browser: Browser;
let owner: ConsolePage;
let auditor: ConsolePage;
let auditorPerson: Person;
let page: Page;
beforeAll(async () => {
  env = await createTestEnvironment({
    sampleData: true,
    variables: { POSTERN_VAULT: 'true', POSTERN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') },
  });
  auditorPerson = await addPerson(env, { role: 'auditor' });
  browser = await launchChromium();
  owner = await ConsolePage.open(browser, env, { path: '/tokens' });
  auditor = await ConsolePage.open(browser, env, { path: '/tokens', as: auditorPerson });
  page = owner.page;
});
afterAll(async () => {
  await browser?.close();
  await env?.close();
});
afterEach(() => {
  expect([...owner.complaints, ...auditor.complaints]).toEqual([]);
});

interface HandedOut {
  id: string;
  hint: string;
  access_token: string;
}

/** Tokens of an application of their own, the latest last. */
async function tokens(
  count: number,
  body: object = { expires_in: 90 * DAY },
): Promise<{ name: string; clientId: string; made: HandedOut[] }> {
  const name = unique('Reports');
  const { body: client } = await env.admin.post('/api/v1/clients', { body: { name } });
  const made: HandedOut[] = [];
  for (let index = 0; index < count; index += 1) {
    made.push((await env.admin.post(`/api/v1/clients/${client.client_id}/tokens`, { body })).body);
  }
  return { name, clientId: client.client_id, made };
}

async function statusOf({ access_token }: HandedOut): Promise<number> {
  return (await ApiClient.bearer(env.url, access_token).get('/pam/v1/devices?limit=1')).status;
}

const rowsOf = (on: Page, table: string) =>
  on.getByRole('table', { name: table }).locator('tbody tr[data-key]');
const tokenRows = (on = page) => rowsOf(on, 'Access tokens');
const button = (name: string | RegExp) => page.getByRole('button', { name });
const dialog = () => page.getByRole('dialog');

describe('tokens across applications', () => {
  it('answers what is expiring, never used and stale, and keeps the answer in the address', async () => {
    const { clientId, made } = await tokens(1);
    const [unused] = made;
    const post = (body: object) => env.admin.post(`/api/v1/clients/${clientId}/tokens`, { body });
    const { body: expiring } = await post({ expires_in: 2 * DAY });
    env.clock.advance(-40 * DAY);
    const { body: stale } = await post({ expires_in: 300 * DAY });
    await ApiClient.bearer(env.url, stale.access_token).get('/pam/v1/devices?limit=1');
    await ApiClient.bearer(env.url, expiring.access_token).get('/pam/v1/devices?limit=1');
    env.clock.set(new Date());
    for (const { id } of [expiring, stale])
      await eventually(async () => (await env.admin.get(`/api/v1/tokens/${id}`)).body.last_used_at);
    const rowsAre = (ids: string[]) =>
      eventually(async () => {
        const keys = await tokenRows().evaluateAll((rows) => rows.map((row: any) => row.dataset.key));
        return keys.sort().join() === ids.toSorted().join();
      });
    const choose = (view: string) => page.getByText(view, { exact: true }).click();
    await owner.goto(`/tokens?client_id=${clientId}`);
    await rowsAre([unused!.id, expiring.id, stale.id]);
    await choose('Expiring soon');
    await rowsAre([expiring.id]);
    await choose('Never used');
    await rowsAre([unused!.id]);
    await choose('Stale');
    await rowsAre([stale.id]);
    expect(page.url()).toContain('view=stale');
    await page.reload();
    await owner.settled();
    expect(await page.getByRole('radio', { name: 'Stale' }).isChecked()).toBe(true);
    await rowsAre([stale.id]);
    await choose('All');
    await rowsAre([unused!.id, expiring.id, stale.id]);
  });

  it('revokes what is chosen: those are refused from then on, and no other', async () => {
    const { name, clientId, made } = await tokens(5);
    await owner.goto(`/tokens?client_id=${clientId}`);
    for (const { hint } of made.slice(0, 3)) await page.getByLabel(`Select ${hint}`).check();
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Revoke' }).click();
    await dialog().getByText(`${name}: 3 tokens`).waitFor();
    expect(await owner.accessibilityFaults()).toEqual([]);
    await owner.shoot('tokens-revoke');
    await dialog().getByRole('button', { name: 'Revoke 3 tokens' }).click();
    await dialog().getByText('3 tokens revoked').waitFor();
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    expect(await Promise.all(made.map(statusOf))).toEqual([401, 401, 401, 200, 200]);
    await tokenRows().filter({ hasText: 'revoked' }).nth(2).waitFor();
    expect(await page.getByRole('region', { name: 'Selection' }).count()).toBe(0);
  });

  it('says which could not be revoked and why, and keeps them chosen', async () => {
    const { clientId, made } = await tokens(3);
    const refused = made[1]!;
    owner.forgive(/status of 403/);
    await page.route(`**/api/v1/tokens/${refused.id}`, (route) =>
      route.request().method() === 'DELETE'
        ? route.fulfill({
            status: 403,
            contentType: 'application/problem+json',
            body: JSON.stringify({ status: 403, code: 'forbidden', detail: 'Not yours to revoke.' }),
          })
        : route.fallback(),
    );
    await owner.goto(`/tokens?client_id=${clientId}`);
    await page.getByLabel('Select all rows').check();
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Revoke' }).click();
    await button('Revoke 3 tokens').click();
    await dialog().getByText('2 tokens revoked, 1 not').waitFor();
    const failure = dialog().getByRole('table').getByRole('row', { name: refused.hint });
    expect(await failure.innerText()).toContain('Not yours to revoke.');
    await owner.shoot('tokens-revoke-failures');
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('1 token selected').waitFor();
    expect(await page.getByLabel(`Select ${refused.hint}`).isChecked()).toBe(true);
    expect(await Promise.all(made.map(statusOf))).toEqual([401, 200, 401]);
    await page.unroute(`**/api/v1/tokens/${refused.id}`);
    await button('Clear the selection').click();
  });

  it('revokes all that match, once their number is typed, four at a time; it can be stopped', async () => {
    const { clientId } = await tokens(120);
    const active = async () =>
      (await env.admin.get(`/api/v1/tokens?client_id=${clientId}&status=active&count=true&limit=1`)).body
        .total;
    let running = 0;
    let most = 0;
    let answers = 0;
    await page.route('**/api/v1/tokens/*', async (route) => {
      if (route.request().method() !== 'DELETE') return route.fallback();
      most = Math.max(most, (running += 1));
      const response = await route.fetch();
      running -= 1;
      answers += 1;
      // The last ones wait until somebody has said stop.
      if (answers > 8) await stopped;
      return route.fulfill({ response });
    });
    let stop = () => {};
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    await owner.goto(`/tokens?client_id=${clientId}`);
    await button('Revoke all that match').click();
    const confirm = dialog().getByRole('button', { name: 'Revoke 120 tokens' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByLabel('Type 120 to go on').fill('120');
    await confirm.click();
    await dialog()
      .getByText(/^8 tokens revoked, 112 to go/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Stop' }).click();
    stop();
    await dialog()
      .getByText(/left alone/)
      .waitFor();
    const left = await active();
    expect([most, left]).toEqual([4, 108]);
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await button('Revoke all that match').click();
    await dialog().getByLabel(`Type ${left} to go on`).fill(String(left));
    await button(`Revoke ${left} tokens`).click();
    await dialog().getByText(`${left} tokens revoked`).waitFor();
    expect(await active()).toBe(0);
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await page.unroute('**/api/v1/tokens/*');
  });

  it('shows one with all that is on record, the token itself, and revokes it', async () => {
    const { clientId, made } = await tokens(1, { expires_in: DAY, note: 'For the SIEM' });
    const [token] = made;
    await owner.goto(`/tokens?client_id=${clientId}`);
    await page.getByRole('link', { name: token!.hint }).click();
    await dialog().getByText('For the SIEM').waitFor();
    for (const theme of THEMES) {
      await owner.wear(theme);
      expect(await owner.accessibilityFaults()).toEqual([]);
      await owner.shoot(`tokens-details-${theme}`);
    }
    await owner.wear('light');
    await dialog().getByRole('button', { name: 'Show the token' }).click();
    const secret = dialog().getByLabel('Access token', { exact: true }).and(page.locator('output'));
    await secret.focus();
    await eventually(async () => (await secret.innerText()) === token!.access_token);
    await dialog().getByRole('button', { name: 'Revoke' }).click();
    await page
      .getByRole('dialog', { name: 'Revoke this token' })
      .getByRole('button', { name: 'Revoke' })
      .click();
    await dialog().getByText('revoked', { exact: true }).waitFor();
    expect(await statusOf(token!)).toBe(401);
    expect(page.url()).not.toContain(token!.access_token);
    await page.goBack();
    // The question whether to revoke may be on its way out, too.
    await until('no window is open', async () => (await dialog().count()) === 0);
  });

  it('marks one that is bound to a key, and says where it is good', async () => {
    const resource = 'https://reports.example.com';
    const { clientId, clientSecret } = await env.registerClient({ resources: [resource] });
    const prover = await Prover.create(env);
    const parameters = { grant_type: 'client_credentials', resource };
    const { status } = await prover.call('POST', '/oauth2/token', undefined, (headers) =>
      ApiClient.basic(env.url, clientId, clientSecret).post('/oauth2/token', {
        body: new URLSearchParams(parameters),
        headers,
      }),
    );
    expect(status).toBe(200);
    await owner.goto(`/tokens?client_id=${clientId}`);
    const marked = tokenRows().filter({ has: page.getByRole('img', { name: 'bound to a key' }) });
    // The other one came with the application.
    expect([await tokenRows().count(), await marked.count()]).toEqual([2, 1]);
    await marked.getByRole('link').first().click();
    await dialog().getByText(prover.key.thumbprint).waitFor();
    await dialog().getByText(resource).waitFor();
    await owner.shoot('token-bound');
    await page.goBack();
  });

  it('offers an auditor nothing that he may not do', async () => {
    const { clientId, made } = await tokens(1);
    await auditor.goto(`/tokens?client_id=${clientId}`);
    await tokenRows(auditor.page).first().waitFor();
    expect(await auditor.page.getByRole('checkbox').count()).toBe(0);
    await auditor.page.getByRole('link', { name: made[0]!.hint }).click();
    await auditor.page.getByRole('dialog').getByText(made[0]!.id).waitFor();
    expect(await auditor.page.getByRole('button', { name: /Revoke|Show the token/ }).count()).toBe(0);
  });
});

describe('PAM data', () => {
  it('begins with the first list; filters and sort are in the address, and survive a reload', async () => {
    await owner.follow('PAM data');
    await page.waitForURL('**/pam/users');
    await page.getByRole('tab', { name: 'Devices' }).click();
    await owner.settled();
    await page.getByLabel('Filter by platform').fill('windows');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/pam/devices?platform=windows');
    await button('Name').click();
    await page.waitForURL('**/pam/devices?platform=windows&sort=name');
    await owner.settled();
    await page.locator('[data-refreshing]').waitFor({ state: 'detached' });
    const names = () =>
      rowsOf(page, 'Devices').evaluateAll((rows: any[]) => rows.map((row) => row.cells[1].innerText));
    const shown = await names();
    const { body } = await (await reader()).get('/pam/v1/devices?platform=windows&sort=name');
    expect(shown).toEqual(body.items.map(({ name }: { name: string }) => name));
    expect(shown.length).toBeGreaterThan(0);
    await page.reload();
    await owner.settled();
    expect(await names()).toEqual(shown);
  });

  it('takes every documented filter of every list', async () => {
    const { body: document } = await env.anonymous.get('/openapi.json');
    for (const [path, item] of Object.entries<any>(document.paths)) {
      const [, name] = /^\/pam\/v1\/([a-z-]+)$/.exec(path) ?? [];
      if (name === undefined) continue;
      const filters = item.get.parameters.filter(
        (parameter: any) =>
          parameter.in === 'query' &&
          !['limit', 'cursor', 'sort', 'count', 'fields'].includes(parameter.name),
      );
      const query = new URLSearchParams(
        filters.map(({ name, schema }: any) => [name, valueFor(schema)] as [string, string]),
      );
      const asked = page.waitForRequest((request) => request.url().includes(`/pam/v1/${name}?`));
      await owner.goto(`/pam/${name}?${query}&hide=none`);
      const parameters = new URL((await asked).url()).searchParams;
      for (const filter of query.keys())
        expect([name, filter, parameters.get(filter)]).toEqual([name, filter, query.get(filter)]);
      const properties = Object.keys(document.components.schemas[schemaOf(item)].properties);
      const headers = await page.getByRole('table').getByRole('columnheader').count();
      expect([name, headers]).toEqual([name, properties.length]);
      const controls = await page
        .locator('thead tr:nth-child(2) td')
        .evaluateAll(
          (cells: any[]) => cells.filter((cell) => cell.querySelector('[aria-label^="Filter by"]')).length,
        );
      expect([name, controls]).toEqual([name, properties.length]);
    }
  });

  it('opens a row with all its fields, and leads to what is related', async () => {
    await owner.goto('/pam/devices?open=dev-0003');
    await dialog().getByRole('link', { name: 'Frankfurt' }).waitFor();
    for (const theme of THEMES) {
      await owner.wear(theme);
      expect(await owner.accessibilityFaults()).toEqual([]);
      await owner.shoot(`pam-details-${theme}`);
    }
    await owner.wear('light');
    await dialog().getByRole('link', { name: 'Accounts' }).click();
    await page.waitForURL('**/pam/accounts?device_id=dev-0003');
    await owner.settled();
    await rowsOf(page, 'Accounts').first().waitFor();
    const links = await rowsOf(page, 'Accounts').getByRole('link', { name: 'dev-0003' }).count();
    expect(links).toBe(await rowsOf(page, 'Accounts').count());
    expect(links).toBeGreaterThan(0);
  });

  it('exports what is filtered, as CSV and as NDJSON, and as a call', async () => {
    const query = 'state=managed&sort=-name';
    const api = await reader();
    await owner.goto(`/pam/devices?${query}`);
    for (const [item, accept, ending] of [
      ['Download as CSV', 'text/csv', 'csv'],
      ['Download as NDJSON', 'application/x-ndjson', 'ndjson'],
    ] as const) {
      const downloaded = page.waitForEvent('download');
      await button('Export').click();
      await page.getByRole('menuitem', { name: item }).click();
      const download = await downloaded;
      expect(download.suggestedFilename()).toBe(`devices.${ending}`);
      const { text } = await api.get(`/pam/v1/devices?${query}`, { headers: { accept } });
      expect(await readFile((await download.path())!, 'utf8')).toBe(text);
      expect(text.trimEnd().split('\n').length).toBeGreaterThan(5);
    }
    await button('Export').click();
    await page.getByRole('menuitem', { name: 'Copy as curl' }).click();
    await page.getByText('The call is on the clipboard.').waitFor();
    expect(await page.evaluate(`navigator.clipboard.readText()`)).toBe(
      `curl '${env.url}/pam/v1/devices?state=managed&sort=-name' -H "Authorization: Bearer $TOKEN"`,
    );
  });

  it('brings more rows as the end of those that are there comes into sight, and draws few of them', async () => {
    await importRows(
      env.admin,
      'devices',
      Array.from({ length: 450 }, (_, index) => aDevice(`many-${String(index).padStart(4, '0')}`)),
    );
    await owner.goto('/pam/devices?address=10.20.0.11');
    await page.getByText(/^45\d devices$/).waitFor();
    const box = page.locator('[data-virtual]');
    await eventually(async () => {
      await box.evaluate((element: any) => (element.scrollTop = element.scrollHeight));
      return box.locator('[data-key="many-0449"]').isVisible();
    });
    expect(await box.locator('tr[data-key]').count()).toBeLessThan(60);
  });

  it('fits a phone, and is an auditor’s to read', async () => {
    await auditor.goto('/pam/sessions');
    await auditor.resize('phone');
    await auditor.page.getByLabel('Which data').selectOption('Approvals');
    await auditor.page.waitForURL('**/pam/approvals');
    await auditor.settled();
    expect(await auditor.scrollsSideways()).toBe(false);
    await auditor.shoot('pam-phone');
    await auditor.resize('desktop');
  });

  it('is all that somebody sees who may do no more than read it', async () => {
    const user = await ConsolePage.open(browser, env, { as: await addPerson(env), path: '/pam/tasks' });
    await rowsOf(user.page, 'Tasks').first().waitFor();
    expect(await user.page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual([
      'PAM data',
      'API documentation',
    ]);
    expect(user.complaints).toEqual([]);
    await user.close();
  });
});

/** With an application's token, as the export's own readers have. */
async function reader(): Promise<ApiClient> {
  return (await env.registerClient()).api;
}

function valueFor({
  type,
  format,
  enum: values,
}: {
  type: string;
  format?: string;
  enum?: string[];
}): string {
  if (values) return values.find((value) => value !== null)!;
  if (type === 'boolean') return 'true';
  if (type === 'integer') return '1';
  return format === 'date-time' ? '2026-01-01T00:00:00.000Z' : 'x';
}

function schemaOf(item: any): string {
  return item.get.responses['200'].content['application/json'].schema.properties.items.items.$ref
    .split('/')
    .at(-1);
}
