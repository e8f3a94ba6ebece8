import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';

let env: TestEnvironment;
let client: RegisteredClient;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());

const status = async () => (await client.api.get('/pam/v1/users')).status;

it.each([
  ['revoked', 'UPDATE access_tokens SET revoked_at = now()'],
  ['deleted', 'DELETE FROM access_tokens'],
])('a token is not remembered when a session that writes bytea in the old way has %s it', async (_, sql) => {
  client = await env.registerClient({ scopes: ['users:read'] });
  expect(await status()).toBe(200);
  await env.database.transaction(async (transaction) => {
    await transaction.query('SET LOCAL bytea_output = escape');
    await transaction.query(sql);
  });
  expect(await status()).toBe(401);
});
