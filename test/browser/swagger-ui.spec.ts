import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { launchChromium, shoot } from './chromium.js';

describe('the main job, in Swagger UI alone', () => {
  let environment: TestEnvironment;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    environment = await createTestEnvironment({ sampleData: true });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(environment.url) && !request.url().startsWith('data:'))
        complaints.push(request.url());
    });
    await page.goto(`${environment.url}/docs`);
  });

  afterAll(async () => {
    await browser?.close();
    await environment?.close();
  });

  it('registers a client by a name, reads devices with it, hands out a token and finds the call that came too late', async () => {
    const { clientId: adminId, clientSecret: adminSecret } = environment.adminCredentials;
    await authorize({ '#auth-basic-username': adminId, '#auth-basic-password': adminSecret });

    const client = await execute('Clients', 'registerClient', { body: { name: 'Made in Swagger UI' } });
    expect(client).toMatchObject({ status: 201, body: { name: 'Made in Swagger UI', active: true } });
    const { client_id: clientId, client_secret: clientSecret } = client.body;

    await authorize({
      '#client_id_clientCredentials': clientId,
      '#client_secret_clientCredentials': clientSecret,
    });
    const devices = await execute('PAM_data', 'listDevices');
    expect(devices.status).toBe(200);
    expect(devices.body.items.length).toBeGreaterThan(5);
    await shoot(page, 'swagger-devices', false);

    const token = await execute('Tokens', 'handOutToken', {
      path: { client_id: clientId },
      body: { expires_in: 120 },
    });
    expect(token.status).toBe(201);
    await authorize({ '#auth-bearer-value': token.body.access_token });
    expect((await execute('PAM_data', 'listDevices')).status).toBe(200);
    environment.clock.advance(121);
    expect(await execute('PAM_data', 'listDevices')).toMatchObject({
      status: 401,
      body: { code: 'invalid_token' },
    });

    const events = await execute('Audit_log', 'listAuditEvents');
    expect(events.body.items[0]).toMatchObject({
      type: 'access_token.expired_use',
      client_id: clientId,
      token_id: token.body.id,
      method: 'GET',
      path: '/pam/v1/devices',
    });
    await shoot(page, 'swagger-audit-events', false);
  });

  it('breaks no content security policy and asks no other host', () => {
    // Chromium itself notes the one 401 that the story wants.
    expect(complaints.filter((complaint) => !complaint.includes('status of 401'))).toEqual([]);
  });

  /** Fills the fields of one scheme in the Authorize window, and applies them. */
  async function authorize(fields: Record<string, string>): Promise<void> {
    await page.locator('button.authorize').first().click();
    const [first] = Object.keys(fields);
    const scheme = page.locator('.auth-container', { has: page.locator(first!) });
    for (const [field, value] of Object.entries(fields)) await scheme.locator(field).fill(value);
    await scheme.locator('button.authorize').click();
    await page.locator('.auth-container .btn-done').first().waitFor();
    await page.locator('.close-modal').click();
  }

  async function execute(
    tag: string,
    operationId: string,
    input: { path?: Record<string, string>; body?: object } = {},
  ): Promise<{ status: number; body: any }> {
    const operation = page.locator(`#operations-${tag}-${operationId}`);
    if (!(await operation.getAttribute('class'))?.includes('is-open'))
      await operation.locator('.opblock-summary-control').click();
    for (const [name, value] of Object.entries(input.path ?? {})) {
      await operation.locator(`tr[data-param-name="${name}"] input`).fill(value);
    }
    if (input.body) await operation.locator('textarea.body-param__text').fill(JSON.stringify(input.body));
    const answered = page.waitForResponse((response) => response.url().includes('/v1/'));
    await operation.getByRole('button', { name: 'Execute' }).click();
    const response = await answered;
    await operation
      .locator('.live-responses-table .response-col_status', { hasText: String(response.status()) })
      .first()
      .waitFor();
    return { status: response.status(), body: await response.json().catch(() => undefined) };
  }
});
