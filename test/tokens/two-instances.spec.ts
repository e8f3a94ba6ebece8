import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import { CodeFlow, tokensOf, type Tokens } from '../support/code-flow.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { ServerProcess } from '../support/server-process.js';

const AT_ONCE = 100;
const FEW = 20;

let env: TestEnvironment;
let flow: CodeFlow;
beforeAll(async () => {
  env = await createTestEnvironment();
  flow = await CodeFlow.of(env);
});
afterAll(() => env.close());

/** All at once, to each of the servers in turn. */
function atOnce(
  urls: string[],
  request: (url: string) => Promise<ApiResponse>,
  length = AT_ONCE,
): Promise<ApiResponse[]> {
  return Promise.all(Array.from({ length }, (_, index) => request(urls[index % urls.length]!)));
}

function expectOnce(answers: ApiResponse[]): Tokens {
  const given = answers.filter(({ status }) => status === 200);
  expect(given).toHaveLength(1);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(new Set(refused.map(({ status, body }) => `${status} ${body.error}`))).toEqual(
    new Set(['400 invalid_grant']),
  );
  return tokensOf(given[0]!);
}

async function expectEnded({ accessToken, refreshToken }: Tokens, urls: string[]): Promise<void> {
  for (const url of urls) {
    expect(await flow.reads(accessToken, url)).toBe(401);
    expect((await flow.refresh(refreshToken, {}, url)).body.error).toBe('invalid_grant');
  }
}

/** Makes what was rotated until now look as if that had been a while ago. */
async function age(seconds: number): Promise<void> {
  await env.database.query(
    `UPDATE refresh_tokens SET rotated_at = rotated_at - make_interval(secs => $1) WHERE rotated_at IS NOT NULL`,
    [seconds],
  );
}

function promises(urls: () => string[]): void {
  it('redeems a code once, of 100 at once, and then its family is revoked', async () => {
    const code = await flow.code();
    const replays = await countOf(env, 'authorization_code.replayed');
    const answers = await atOnce(urls(), (url) => flow.redeem(code, {}, url));
    await expectEnded(expectOnce(answers), urls());
    expect(await countOf(env, 'authorization_code.replayed')).toBe(replays + AT_ONCE - 1);
    const redeemed = await auditEvents(
      env,
      'authorization_code.redeemed',
      `&client_id=${flow.client.clientId}`,
    );
    const { rows } = await env.database.query<{ id: string }>(
      'SELECT id FROM access_tokens WHERE id = $1 AND revoked_at IS NOT NULL',
      [redeemed[0].token_id],
    );
    expect(rows).toHaveLength(1);
  });

  it('refuses a rotated refresh token beyond its grace, 100 at once, and its family is revoked', async () => {
    const first = await flow.tokens();
    const second = tokensOf(await flow.refresh(first.refreshToken));
    await age(11);
    const answers = await atOnce(urls(), (url) => flow.refresh(first.refreshToken, {}, url));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.error}`))).toEqual(
      new Set(['400 invalid_grant']),
    );
    await expectEnded(first, urls());
    await expectEnded(second, urls());
  });

  it('rotates a refresh token once, of 20 at once; the others are of the grace, and end with it', async () => {
    const { refreshToken } = await flow.tokens();
    // No more than are answered within the grace on a slow machine.
    const answers = await atOnce(urls(), (url) => flow.refresh(refreshToken, {}, url), FEW);
    const given = answers.map(tokensOf);
    expect(new Set(given.map((one) => one.refreshToken)).size).toBe(FEW);
    const { rows } = await env.database.query<{ rotations: number }>(
      `SELECT count(DISTINCT parent)::int AS rotations FROM refresh_tokens
       WHERE grant_id = (SELECT grant_id FROM refresh_tokens ORDER BY id DESC LIMIT 1)`,
    );
    expect(rows[0]!.rotations).toBe(1);
    await age(11);
    expect((await flow.refresh(refreshToken, {}, urls()[0])).status).toBe(400);
    for (const one of [given[0]!, given.at(-1)!]) await expectEnded(one, urls());
  });

  it('gives nothing that outlives the revoking of its refresh token', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { refreshToken } = await flow.tokens();
      const refreshing = atOnce(urls(), (url) => flow.refresh(refreshToken, {}, url), FEW);
      const revoked = await flow.revoke(refreshToken);
      expect(revoked.status).toBe(200);
      for (const { status, body } of await refreshing) {
        if (status === 200) expect(await flow.reads(body.access_token)).toBe(401);
        else expect(body.error).toBe('invalid_grant');
      }
    }
  });
}

describe('one instance', () => {
  promises(() => [env.url]);
});

describeOnPostgres('two instances', () => {
  let other: ServerProcess;
  beforeAll(async () => {
    other = await ServerProcess.start({ DATABASE_URL: await databaseUrl() });
  });
  afterAll(() => ServerProcess.killAll());

  promises(() => [env.url, other.url]);

  it('refuse a revoked token both, and what was rotated stays so after a restart', async () => {
    const first = await flow.tokens();
    const second = tokensOf(await flow.refresh(first.refreshToken, {}, other.url));
    await flow.revoke(second.accessToken);
    for (const url of [env.url, other.url]) expect(await flow.reads(second.accessToken, url)).toBe(401);
    await other.kill('SIGKILL');
    other = await ServerProcess.start({ DATABASE_URL: await databaseUrl() });
    await age(11);
    expect((await flow.refresh(first.refreshToken, {}, other.url)).body.error).toBe('invalid_grant');
    await expectEnded(second, [env.url, other.url]);
  });
});

/** Of the database that the environment's own server is on. */
async function databaseUrl(): Promise<string> {
  const { rows } = await env.database.query<{ name: string }>('SELECT current_database() AS name');
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = `/${rows[0]!.name}`;
  return url.toString();
}
