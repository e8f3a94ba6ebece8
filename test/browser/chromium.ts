import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const ARTEFACTS = join(import.meta.dirname, '../../../.artefacts');

/** The system's Chromium, kept from calling home; `CHROMIUM_PATH` names another. */
export function launchChromium(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      ...(asRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * A picture for whoever looks at a run, into the artefacts' folder. Chromium now and then captures
 * nothing while other pages draw: then it is asked once more.
 */
export async function shoot(page: Page, name: string, fullPage = true): Promise<void> {
  mkdirSync(ARTEFACTS, { recursive: true });
  const options = { path: join(ARTEFACTS, `${name}.png`), fullPage };
  await page.screenshot(options).catch(() => page.screenshot(options));
}
