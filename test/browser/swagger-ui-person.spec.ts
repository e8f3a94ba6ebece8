import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { launchChromium, shoot } from './chromium.js';

const PERSON = { username: 'ada', password: 'a password long enough' };

let environment: TestEnvironment;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  environment = await createTestEnvironment();
  const { status } = await environment.admin.post('/api/v1/operators', {
    body: { ...PERSON, role: 'admin' },
  });
  expect(status).toBe(201);
  browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 1400 } });
  context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  context.on('weberror', (error) => complaints.push(error.error().message));
  page = await context.newPage();
  await page.goto(`${environment.url}/docs`);
});
afterAll(async () => {
  await browser?.close();
  await environment?.close();
});

it('a person signs in as himself, is asked for no consent, and what he does is on record under his name', async () => {
  await page.locator('button.authorize').first().click();
  const scheme = page.locator('.auth-container', { hasText: 'authorizationCode with PKCE' });
  expect(await scheme.locator('#client_id_authorizationCode').inputValue()).toBe('postern-swagger-ui');
  const popped = page.waitForEvent('popup');
  await scheme.locator('button.authorize').click();
  const popup = await popped;
  await popup.getByLabel('Username').fill(PERSON.username);
  await popup.getByLabel('Password').fill(PERSON.password);
  await shoot(popup, 'swagger-sign-in', false);
  const closed = popup.waitForEvent('close');
  await popup.getByRole('button', { name: 'Sign in' }).click();
  await closed;
  await scheme.locator('.btn-done').waitFor();
  await scheme.locator('button', { hasText: 'Logout' }).waitFor();
  await shoot(page, 'swagger-person', false);
  await page.locator('.close-modal').click();

  expect((await execute('Clients', 'listClients')).status).toBe(200);
  const made = await execute('Clients', 'registerClient', { name: 'Made by a person' });
  expect(made.status).toBe(201);
  // His role does not allow it, although the client would.
  expect((await execute('Customers', 'listCustomers')).status).toBe(403);

  const { body } = await environment.admin.get('/api/v1/audit-events?actor=ada&sort=-at');
  const types = body.items.map(({ type }: { type: string }) => type);
  expect(types).toEqual(expect.arrayContaining(['client.created', 'access_token.scope_denied']));
  const created = body.items.find(({ type }: { type: string }) => type === 'client.created');
  expect(created).toMatchObject({
    actor: { kind: 'operator', id: 'ada' },
    client_id: JSON.parse(made.text).client_id,
  });
});

it('breaks no content security policy', () => {
  // Chromium itself notes the one 403 that the story wants.
  expect(complaints.filter((complaint) => !complaint.includes('status of 403'))).toEqual([]);
});

async function execute(tag: string, operationId: string, body?: object) {
  const operation = page.locator(`#operations-${tag}-${operationId}`);
  await operation.locator('.opblock-summary-control').click();
  if (body) await operation.locator('textarea.body-param__text').fill(JSON.stringify(body));
  const answered = page.waitForResponse((response) => response.url().includes('/v1/'));
  await operation.getByRole('button', { name: 'Execute' }).click();
  const response = await answered;
  return { status: response.status(), text: await response.text() };
}
