import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { CodeFlow, tokensOf } from '../support/code-flow.js';
import type { TestEnvironment } from '../support/create-test-environment.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess } from '../support/server-process.js';

let database: TestDatabase;
let server: ServerProcess;
let flow: CodeFlow;
beforeAll(async () => {
  database = await createDatabase();
  server = await ServerProcess.start(database.environment);
});
beforeEach(async () => {
  flow = await CodeFlow.of({
    url: server.url,
    admin: ApiClient.basic(server.url, 'test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!),
    ownerCredentials: { username: 'owner', password: process.env.POSTERN_TEST_OWNER_PASSWORD! },
  } as TestEnvironment);
});
afterAll(async () => {
  await ServerProcess.killAll();
  await database.drop();
});

async function restart(): Promise<string> {
  await server.kill('SIGKILL');
  server = await ServerProcess.start(database.environment);
  return server.url;
}

it('a code that was redeemed is known as such: it is refused, and what came of it ends', async () => {
  const code = await flow.code();
  const { accessToken, refreshToken } = tokensOf(await flow.redeem(code));
  const url = await restart();
  expect(await flow.reads(accessToken, url)).toBe(200);
  expect((await flow.redeem(code, {}, url)).body.error).toBe('invalid_grant');
  expect(await flow.reads(accessToken, url)).toBe(401);
  expect((await flow.refresh(refreshToken, {}, url)).body.error).toBe('invalid_grant');
});

it('a refresh token that was rotated is known as such: it is refused, and its family ends', async () => {
  const first = await flow.tokens();
  const second = tokensOf(await flow.refresh(first.refreshToken));
  const third = tokensOf(await flow.refresh(second.refreshToken));
  const url = await restart();
  expect(await flow.reads(third.accessToken, url)).toBe(200);
  expect((await flow.refresh(first.refreshToken, {}, url)).body.error).toBe('invalid_grant');
  expect(await flow.reads(third.accessToken, url)).toBe(401);
  expect((await flow.refresh(third.refreshToken, {}, url)).body.error).toBe('invalid_grant');
});

it('what was revoked stays revoked, and what was not redeemed yet still can be', async () => {
  const revoked = await flow.tokens();
  await flow.revoke(revoked.refreshToken);
  const code = await flow.code();
  const url = await restart();
  expect(await flow.reads(revoked.accessToken, url)).toBe(401);
  expect((await flow.refresh(revoked.refreshToken, {}, url)).body.error).toBe('invalid_grant');
  expect((await flow.redeem(code, {}, url)).status).toBe(200);
});
