import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const GUESSES = 60;
const LENGTH = 900_000;

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({ variables: { POSTERN_RATE_LIMIT_FAILURES: '1' } });
});
afterAll(() => env.close());

async function guess(clientId: string): Promise<number> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: 'not anybody’s secret',
  });
  return (await env.anonymous.post('/oauth2/token', { body })).status;
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

it('the ids that strangers make up are not kept, however long', async () => {
  for (let n = 0; n < 10; n += 1) await guess(`short ${n}`);
  const before = heapUsed();
  for (let n = 0; n < GUESSES; n += 1) expect(await guess('a'.repeat(LENGTH) + n)).toBe(429);
  expect(heapUsed() - before).toBeLessThan((GUESSES * LENGTH) / 3);
});
