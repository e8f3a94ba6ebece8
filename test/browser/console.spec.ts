import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';
import { launchChromium } from './chromium.js';
import { ConsolePage, THEMES } from './console-page.js';

/** By the names of their pictures. */
const PAGES = {
  overview: { path: '/', heading: 'Overview' },
  applications: { path: '/applications', heading: 'API applications' },
  application: { path: '/applications/<client>', heading: 'Cost centre dashboard' },
  'application-credentials': {
    path: '/applications/<client>?tab=credentials',
    heading: 'Cost centre dashboard',
  },
  'application-tokens': { path: '/applications/<client>?tab=tokens', heading: 'Cost centre dashboard' },
  'application-usage': { path: '/applications/<client>?tab=usage', heading: 'Cost centre dashboard' },
  tokens: { path: '/tokens', heading: 'Tokens' },
  audit: { path: '/audit', heading: 'Audit log' },
  pam: { path: '/pam', heading: 'PAM data' },
  'pam-devices': { path: '/pam/devices', heading: 'PAM data' },
  scopes: { path: '/scopes', heading: 'Scopes' },
  operators: { path: '/operators', heading: 'Operators' },
  customers: { path: '/customers', heading: 'Customers' },
  account: { path: '/account', heading: 'My account' },
  'not-found': { path: '/nothing', heading: 'Not found' },
};
type Name = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as Name[];
/** What only whoever may change something is offered. */
const DEEDS = /^(new|make|add|create|delete|revoke|rotate|edit|save|change the role|deactivate)\b/i;
/** His own password and sessions are everybody's to change. */
const OWN: readonly Name[] = ['account'];

let env: TestEnvironment;
let browser: Browser;
let clientId: string;
beforeAll(async () => {
  env = await createTestEnvironment({ sampleData: true });
  browser = await launchChromium();
  clientId = await furnish();
});
afterAll(async () => {
  await browser?.close();
  await env?.close();
});

/** Something to see on every page. */
async function furnish(): Promise<string> {
  for (const name of ['SIEM export', 'Asset sync', 'Ticket bridge'])
    await env.registerClient({ name, scopes: ['devices:read', 'sessions:read'] });
  const shown = await env.registerClient({
    name: 'Cost centre dashboard',
    notes: 'Reads who has used what, each night.',
    scopes: ['users:read', 'devices:read', 'sessions:read'],
  });
  const { body } = await env.admin.post(`/api/v1/clients/${shown.clientId}/tokens`, {
    body: { expires_in: 60, note: 'For the nightly run' },
  });
  const token = ApiClient.bearer(env.url, body.access_token);
  expect((await token.get('/pam/v1/devices')).status).toBe(200);
  expect((await token.get('/pam/v1/tasks')).status).toBe(403);
  env.clock.advance(90);
  expect((await token.get('/pam/v1/devices')).status).toBe(401);
  await addPerson(env, { username: 'grace', role: 'admin' });
  return shown.clientId;
}

const pathOf = (name: Name) => PAGES[name].path.replace('<client>', clientId);

describe('as an owner', () => {
  let visit: ConsolePage;
  beforeAll(async () => {
    visit = await ConsolePage.open(browser, env);
  });
  afterAll(() => visit?.close());

  it.each(NAMES)('%s is there, reads well in both themes, and fits a phone', async (name) => {
    await visit.goto(pathOf(name));
    await visit.page.getByRole('heading', { level: 1, name: PAGES[name].heading }).waitFor();
    const faults: string[] = [];
    for (const theme of THEMES) {
      await visit.wear(theme);
      const found = await visit.accessibilityFaults({ coloursAlone: theme !== THEMES[0] });
      faults.push(...found.map((fault) => `${theme}: ${fault}`));
      await visit.shoot(`${name}-desktop-${theme}`);
    }
    await visit.resize('phone');
    const sideways = await visit.scrollsSideways();
    await visit.shoot(`${name}-phone-dark`);
    await visit.wear('light');
    await visit.shoot(`${name}-phone-light`);
    await visit.resize('desktop');
    expect({ faults, sideways }).toEqual({ faults: [], sideways: false });
  });

  it('nothing on the browser’s console, no breach of the policy, no other host', () => {
    expect(visit.complaints).toEqual([]);
  });
});

describe('as an auditor', () => {
  let visit: ConsolePage;
  beforeAll(async () => {
    const as = await addPerson(env, { role: 'auditor' });
    visit = await ConsolePage.open(browser, env, { as });
  });
  afterAll(() => visit?.close());

  it.each(NAMES)('%s offers nothing that he may not do', async (name) => {
    await visit.goto(pathOf(name));
    if (OWN.includes(name)) return;
    const buttons = await visit.page.getByRole('button').allInnerTexts();
    const labels = await visit.page
      .getByRole('button')
      .evaluateAll((all) => all.map((one: any) => one.getAttribute('aria-label') ?? ''));
    expect([...buttons, ...labels].filter((label) => DEEDS.test(label.trim()))).toEqual([]);
  });

  it('is refused nothing, as nothing is asked for that he may not see', () => {
    expect(visit.complaints).toEqual([]);
  });
});

describe('as a user, who may read PAM data alone', () => {
  let visit: ConsolePage;
  beforeAll(async () => {
    const as = await addPerson(env, { role: 'user' });
    visit = await ConsolePage.open(browser, env, { as });
  });
  afterAll(() => visit?.close());

  it('is led to his own account, and shown no page that he cannot use', async () => {
    await visit.page.getByRole('heading', { level: 1, name: 'My account' }).waitFor();
    const links = await visit.page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link')
      .allInnerTexts();
    expect(links).toEqual(['PAM data', 'API documentation']);
    await visit.shoot('account-of-a-user');
  });

  it.each(['applications', 'application', 'tokens', 'audit', 'scopes', 'operators', 'customers'] as const)(
    '%s is not there for him, and nothing is asked',
    async (name) => {
      await visit.goto(pathOf(name));
      await visit.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
      expect(visit.complaints).toEqual([]);
    },
  );
});
