import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Configuration } from '#configuration';
import { Database, dataSourceOptions, PostgresChangeFeed } from '#database';
import { Tracing } from '#observability';
import { Metrics } from '#observability';
import { Pruning, PruningFigures } from '#retention';
import { asking, codeClient } from '../authorize/asking.js';
import { ApiClient } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import { signedIn } from '../support/browser.js';
import { Key, proofOf } from '../support/client-keys.js';
import { CodeFlow, tokensOf } from '../support/code-flow.js';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { addExpiredTokens } from '../support/expired-tokens.js';
import { challenged, withTotp } from '../support/second-factors.js';
import { until, within } from '../support/waiting.js';

const READ = '/pam/v1/devices';
const DAY = 86_400;
const PRUNER = join(import.meta.dirname, 'pruning-process.js');

let env: TestEnvironment;
let client: RegisteredClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  client = await env.registerClient({ scopes: ['devices:read'] });
});
afterAll(() => env.close());
afterEach(() => env.clock.set(new Date()));

let metrics = new Metrics();

/** As the server does of itself, and whoever does not want to wait for it. */
const pruning = (variables: Record<string, string> = {}, database = env.database) =>
  new Pruning(database, env.clock, Configuration.from(variables), new PruningFigures(metrics));

/** All that was removed, of whichever table. */
const total = (removed: Record<string, number>) =>
  Object.values(removed).reduce((sum, rows) => sum + rows, 0);

async function handOut(seconds: number): Promise<{ id: string; access_token: string }> {
  const { body } = await env.admin.post(`/api/v1/clients/${client.clientId}/tokens`, {
    body: { expires_in: seconds },
  });
  return body;
}

/** Calls with a token that is refused. @returns what is on record of it */
async function refusalOf({ access_token }: { access_token: string }): Promise<any> {
  const answer = await ApiClient.bearer(env.url, access_token).get(READ);
  expect([answer.status, answer.body.code]).toEqual([401, 'invalid_token']);
  // Not the latest of all: the clock may have been ahead before.
  const [from, to] = [-60_000, 60_000].map((ms) => new Date(env.clock.now().getTime() + ms).toISOString());
  const path = `/api/v1/audit-events?outcome=failure&from=${from}&to=${to}&sort=-at&limit=1`;
  const { body } = await env.admin.get(path);
  expect(body.items[0].request_id).toBe(answer.body.request_id);
  return body.items[0];
}

async function tokensOfClient(): Promise<number> {
  const path = `/api/v1/clients/${client.clientId}/tokens?status=expired&limit=1&count=true`;
  return (await env.admin.get(path)).body.total;
}

async function rowsIn(table: string): Promise<number> {
  const { rows } = await env.database.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM ${table}`,
  );
  return rows[0]!.count;
}

describe('a token that has expired', () => {
  it('is on record with its client for 90 days, and then forgotten', async () => {
    const token = await handOut(60);
    env.clock.advance(90 * DAY + 50);
    await pruning().prune();
    expect(await refusalOf(token)).toMatchObject({
      type: 'access_token.expired_use',
      client_id: client.clientId,
      token_id: token.id,
    });
    expect((await env.admin.get(`/api/v1/tokens/${token.id}`)).body.status).toBe('expired');
    env.clock.advance(20);
    expect((await pruning().prune()).access_tokens).toBeGreaterThan(0);
    expect(await refusalOf(token)).toMatchObject({
      type: 'access_token.unknown_use',
      client_id: null,
      token_id: null,
    });
    expect((await env.admin.get(`/api/v1/tokens/${token.id}`)).status).toBe(404);
  });

  it('stays for as many days as POSTERN_TOKEN_RETENTION_DAYS says', async () => {
    const token = await handOut(60);
    env.clock.advance(2 * DAY);
    await pruning({ POSTERN_TOKEN_RETENTION_DAYS: '2' }).prune();
    expect((await refusalOf(token)).type).toBe('access_token.expired_use');
    await pruning({ POSTERN_TOKEN_RETENTION_DAYS: '1' }).prune();
    expect((await refusalOf(token)).type).toBe('access_token.unknown_use');
  });
});

describe('a token that was revoked', () => {
  it('is known as such until it would have expired, and for the retention time from then on', async () => {
    const token = await handOut(300 * DAY);
    await env.admin.delete(`/api/v1/tokens/${token.id}`);
    for (const days of [299, 90]) {
      env.clock.advance(days * DAY);
      await pruning().prune();
      expect(await refusalOf(token)).toMatchObject({
        type: 'access_token.revoked_use',
        client_id: client.clientId,
        token_id: token.id,
      });
    }
    env.clock.advance(2 * DAY);
    await pruning().prune();
    expect((await refusalOf(token)).type).toBe('access_token.unknown_use');
  });
});

describe('a token that is good', () => {
  it('stays, however old it is', async () => {
    const token = await handOut(5 * 365 * DAY);
    env.clock.advance(5 * 365 * DAY - 60);
    await pruning().prune();
    expect((await ApiClient.bearer(env.url, token.access_token).get(READ)).status).toBe(200);
  });
});

describe('what a person gave', () => {
  it('stays whole while any of it is good: a replay of its oldest part ends it', async () => {
    const flow = await CodeFlow.of(env);
    const code = await flow.code();
    const first = tokensOf(await flow.redeem(code));
    let latest = first;
    for (let month = 1; month <= 6; month += 1) {
      env.clock.advance(29 * DAY);
      latest = tokensOf(await flow.refresh(latest.refreshToken));
      await pruning().prune();
    }
    expect((await flow.refresh(first.refreshToken)).body.error).toBe('invalid_grant');
    expect((await auditEvents(env, 'refresh_token.replayed'))[0].client_id).toBe(flow.client.clientId);
    expect((await flow.refresh(latest.refreshToken)).body.error).toBe('invalid_grant');
    expect(await flow.reads(latest.accessToken)).toBe(401);
    expect((await flow.redeem(code)).body.error).toBe('invalid_grant');
    expect((await auditEvents(env, 'authorization_code.replayed'))[0].client_id).toBe(flow.client.clientId);
  });

  it('goes as a whole, with the retention time of its last part', async () => {
    const flow = await CodeFlow.of(env);
    const { refreshToken } = await flow.tokens();
    const known = async () => {
      const before = await countOf(env, 'refresh_token.replayed');
      expect((await flow.refresh(refreshToken)).body.error).toBe('invalid_grant');
      return (await countOf(env, 'refresh_token.replayed')) > before;
    };
    tokensOf(await flow.refresh(refreshToken));
    env.clock.advance(119 * DAY);
    await pruning().prune();
    expect(await known()).toBe(true);
    env.clock.advance(2 * DAY);
    await pruning().prune();
    expect(await known()).toBe(false);
    env.clock.advance(1000 * DAY);
    await pruning().prune();
    for (const table of ['authorization_grants', 'authorization_codes', 'refresh_tokens'])
      expect([table, await rowsIn(table)]).toEqual([table, 0]);
  });
});

describe('what prunes', () => {
  it('tells how many rows it removed, and how many were over', async () => {
    await addExpiredTokens(env.database, client.clientId, 300, env.clock.now());
    env.clock.advance(91 * DAY);
    metrics = new Metrics();
    const { access_tokens: removed } = await pruning().prune();
    expect(removed).toBeGreaterThanOrEqual(300);
    const figure = async (name: string) =>
      (await metrics.expose('text/plain')).text.match(
        new RegExp(`${name}{table="access_tokens"} (\\d+)`),
      )?.[1];
    expect(await figure('postern_pruned_rows_total')).toBe(String(removed));
    expect(await figure('postern_prunable_rows')).toBe(String(removed));
    const again = pruning();
    await again.prune();
    expect(await figure('postern_pruned_rows_total')).toBe(String(removed));
  });
});

describe('sessions, authorization requests, challenges and failed attempts', () => {
  it('go once they are over', async () => {
    const browser = await signedIn(env);
    await browser.get(`/oauth2/authorize?${asking((await codeClient(env)).clientId)}`);
    await ApiClient.basic(env.url, client.clientId, 'a wrong secret of some length').get('/api/v1/clients');
    await challenged(env, (await withTotp(env)).person);
    const tables = [
      'operator_sessions',
      'authorization_requests',
      'second_factor_challenges',
      'failed_authentications',
    ];
    for (const table of tables) expect([table, (await rowsIn(table)) > 0]).toEqual([table, true]);
    await pruning().prune();
    expect(await rowsIn('operator_sessions')).toBeGreaterThan(0);
    env.clock.advance(12 * 3600 + 1);
    await pruning().prune();
    for (const table of tables) expect([table, await rowsIn(table)]).toEqual([table, 0]);
  });
});

describe('what was shown once', () => {
  it('is known until it is refused by the clock of every instance', async () => {
    const key = await Key.create();
    const dpop = await proofOf(env, key, { method: 'POST', path: '/oauth2/token' });
    const form = { body: new URLSearchParams({ grant_type: 'client_credentials' }), headers: { dpop } };
    const { clientId, clientSecret } = client;
    expect((await ApiClient.basic(env.url, clientId, clientSecret).post('/oauth2/token', form)).status).toBe(
      200,
    );
    // A proof is taken for two minutes; another instance's clock may be behind.
    env.clock.advance(150);
    await pruning().prune();
    expect(await rowsIn('used_jtis')).toBe(1);
    env.clock.advance(60);
    await pruning().prune();
    expect(await rowsIn('used_jtis')).toBe(0);
  });
});

describeOnPostgres('one that is killed while it prunes', () => {
  it('leaves the rest whole, to whoever comes next', async () => {
    await addExpiredTokens(env.database, client.clientId, 8000, env.clock.now());
    env.clock.advance(91 * DAY);
    const before = await tokensOfClient();
    const child = spawn(process.execPath, [PRUNER, env.databaseUrl!, env.clock.now().toISOString()]);
    const ended = once(child, 'exit');
    await until('it is at work', async () => (await tokensOfClient()) < before, 30_000);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const left = await tokensOfClient();
    expect(left).toBeGreaterThan(0);
    // Its lock goes with its connection, as soon as PostgreSQL sees that.
    await until('another goes on', async () => total(await pruning().prune()) > 0);
    expect(await tokensOfClient()).toBe(0);
  });
});

describeOnPostgres('of two that prune at once', () => {
  let dataSource: DataSource;
  let beside: Database;
  beforeAll(async () => {
    dataSource = await new DataSource(dataSourceOptions({ url: env.databaseUrl, poolMax: 1 })).initialize();
    beside = new Database(dataSource, new PostgresChangeFeed(env.databaseUrl!), new Tracing());
  });
  afterAll(() => dataSource.destroy());

  it('each removes what the other does not', async () => {
    await addExpiredTokens(env.database, client.clientId, 3000, env.clock.now());
    env.clock.advance(91 * DAY);
    const expired = await tokensOfClient();
    const [first, second] = await Promise.all([pruning().prune(), pruning({}, beside).prune()]);
    // One that finds the other at it leaves off.
    const rest = await pruning().prune();
    expect(total(first) + total(second) + total(rest)).toBeGreaterThanOrEqual(expired);
    expect(await tokensOfClient()).toBe(0);
  });

  it('none waits for the other, nor for a row that somebody holds', async () => {
    const [held, other] = [await handOut(1), await handOut(1)];
    env.clock.advance(91 * DAY);
    await beside.transaction(async (transaction) => {
      await transaction.query('SELECT FROM access_tokens WHERE id = $1 FOR UPDATE', [held.id]);
      await within(5_000, pruning().prune());
    });
    const status = async ({ id }: { id: string }) => (await env.admin.get(`/api/v1/tokens/${id}`)).status;
    expect([await status(held), await status(other)]).toEqual([200, 404]);
    await pruning().prune();
    expect(await status(held)).toBe(404);
  });
});
