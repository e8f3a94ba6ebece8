import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { addExpiredTokens } from '../support/expired-tokens.js';
import { until, within } from '../support/waiting.js';

/** An hour that the client's own token lives, and some more. */
const RETENTION = 90 * 86_400 + 2 * 3600;
const MANY = 30_000;

let env: TestEnvironment;
let client: RegisteredClient;
beforeAll(async () => {
  env = await createTestEnvironment({ pruneEveryMs: 100 });
  client = await env.registerClient();
});
afterAll(() => env.close());

async function expired(): Promise<number> {
  const path = `/api/v1/clients/${client.clientId}/tokens?status=expired&limit=1&count=true`;
  return (await env.admin.get(path)).body.total;
}

it('a server prunes of itself, again and again', async () => {
  for (const round of [1, 2]) {
    await addExpiredTokens(env.database, client.clientId, 10 * round, env.clock.now());
    expect(await expired()).toBeGreaterThanOrEqual(10 * round);
    env.clock.advance(RETENTION);
    await until('what is over is gone', async () => (await expired()) === 0);
  }
});

it('a server that stops leaves the rest to the next one', async () => {
  await addExpiredTokens(env.database, client.clientId, MANY, env.clock.now());
  env.clock.advance(RETENTION);
  await until('it is at work', async () => (await expired()) < MANY);
  env = await within(5_000, env.restart());
  const left = await expired();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(MANY);
});
