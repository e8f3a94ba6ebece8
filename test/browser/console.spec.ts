import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { launchChromium } from './chromium.js';
import { ConsolePage, THEMES } from './console-page.js';

let env: TestEnvironment;
let browser: Browser;
beforeAll(async () => {
  env = await createTestEnvironment({ sampleData: true });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await env?.close();
});

const PAGES = [
  '/',
  '/applications',
  '/tokens',
  '/audit',
  '/pam',
  '/scopes',
  '/operators',
  '/customers',
  '/account',
];

describe('every page', () => {
  let console: ConsolePage;
  beforeAll(async () => {
    console = await ConsolePage.open(browser, env);
  });
  afterAll(() => console?.close());

  it.each(PAGES)('%s', async (path) => {
    await console.goto(path);
    const name = path.slice(1).replaceAll('/', '-') || 'overview';
    for (const theme of THEMES) {
      await console.wear(theme);
      expect(await console.accessibilityFaults()).toEqual([]);
      await console.shoot(`${name}-desktop-${theme}`);
    }
    await console.resize('phone');
    expect(await console.scrollsSideways()).toBe(false);
    await console.shoot(`${name}-phone`);
    await console.resize('desktop');
    expect(console.complaints).toEqual([]);
  });
});
