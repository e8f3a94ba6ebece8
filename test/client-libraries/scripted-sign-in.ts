import { Browser } from '../support/browser.js';
import type { TestEnvironment } from '../support/create-test-environment.js';

const MAX_STEPS = 8;

/**
 * What a person does at an authorization URL: signs in as the owner, allows, and is sent back.
 * @returns the address at the client, with its code
 */
export async function approve(env: TestEnvironment, authorizationUrl: URL): Promise<URL> {
  const browser = new Browser(env.url);
  const { username, password } = env.ownerCredentials;
  let page = await browser.get(authorizationUrl.pathname + authorizationUrl.search);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const { location } = page;
    if (location !== null) {
      const next = new URL(location, env.url);
      if (next.origin !== new URL(env.url).origin) return next;
      page = await browser.get(next.pathname + next.search);
    } else if (page.forms.some(({ action }) => action === '/oauth2/sign-in')) {
      page = await browser.submit(page, '/oauth2/sign-in', { username, password });
    } else {
      page = await browser.submit(page, '/oauth2/consent', { decision: 'allow' });
    }
  }
  throw new Error(`The person got no further than ${page.status}: ${page.text}`);
}
