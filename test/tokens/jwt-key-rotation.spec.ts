import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { ApiClient } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import {
  createTestEnvironment,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';

/** More than a run of the suite takes: the first keys are as old as its set-up. */
const HOUR = 3_600;
const DAY = 86_400;
const READ = '/pam/v1/devices';

let env: TestEnvironment;
let client: RegisteredClient;
beforeEach(async () => {
  env = await createTestEnvironment({ auditUpkeepEveryMs: 50 });
  client = await env.registerClient({ access_token_format: 'jwt', scopes: ['devices:read'] });
});
afterEach(() => env.close());

const fetchToken = () => env.token(client.clientId, client.clientSecret);
const handOut = async (expires_in: number): Promise<string> =>
  (await env.admin.post(`/api/v1/clients/${client.clientId}/tokens`, { body: { expires_in } })).body
    .access_token;
const published = async (): Promise<string[]> =>
  (await env.anonymous.get('/oauth2/jwks')).body.keys
    .filter(({ alg }: any) => alg === 'ES256')
    .map(({ kid }: any) => kid);
const kidOf = (token: string) => decodeProtectedHeader(token).kid!;
/** The audit log's last checkpoint is signed by it: the key before it is needed for that no longer. */
const signsCheckpoints = (kid: string) =>
  eventually(async () => {
    const { rows } = await env.database.query<{ kid: string }>(
      'SELECT kid FROM audit_checkpoints ORDER BY number DESC LIMIT 1',
    );
    return rows[0]?.kid === kid;
  });
const verifies = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${env.url}/oauth2/jwks`)), {
    issuer: env.url,
    currentDate: env.clock.now(),
  });

describe('signing keys', () => {
  it('are made when one is asked for first, one for each algorithm, and that is on record', async () => {
    const keys = (await env.anonymous.get('/oauth2/jwks')).body.keys;
    const events = await auditEvents(env, 'signing_key.rotated');
    expect(events).toHaveLength(2);
    for (const { kid, alg } of keys)
      expect(events).toContainEqual(
        expect.objectContaining({
          actor: { kind: 'system', id: null },
          outcome: 'success',
          detail: { kid, alg, signs_from: expect.any(String) },
        }),
      );
  });

  it('are published before they sign, and go when the last token that they signed has expired', async () => {
    const [first] = await published();
    env.clock.advance(89 * DAY - HOUR);
    expect(await published()).toEqual([first]);
    const last = await handOut(3 * DAY);

    env.clock.advance(2 * HOUR);
    const both = await published();
    expect(both).toHaveLength(2);
    const next = both.find((kid) => kid !== first)!;
    expect(kidOf(await fetchToken())).toBe(first);
    expect(await countOf(env, 'signing_key.rotated')).toBe(4);

    env.clock.advance(DAY - 2 * HOUR);
    expect(kidOf(await fetchToken())).toBe(first);
    env.clock.advance(2 * HOUR);
    expect(kidOf(await fetchToken())).toBe(next);
    await signsCheckpoints(next);
    expect((await ApiClient.bearer(env.url, last).get(READ)).status).toBe(200);
    await verifies(last);

    env.clock.advance(DAY);
    expect(await published()).toEqual([next, first]);
    await verifies(last);
    env.clock.advance(DAY - 3 * HOUR);
    expect(await published()).toEqual([next, first]);
    env.clock.advance(5 * HOUR);
    expect(await published()).toEqual([next]);
    expect((await ApiClient.bearer(env.url, last).get(READ)).status).toBe(401);
  });

  it('stay as long as a token does that was handed out for years, and those between go', async () => {
    const [first] = await published();
    const long = await handOut(400 * DAY);
    const kids = new Set([first]);
    for (let rotation = 0; rotation < 4; rotation += 1) {
      env.clock.advance(90 * DAY);
      await published();
      env.clock.advance(2 * DAY);
      const token = await fetchToken();
      kids.add(kidOf(token));
      await signsCheckpoints(kidOf(token));
      await verifies(token);
      await verifies(long);
      expect((await ApiClient.bearer(env.url, long).get(READ)).status).toBe(200);
      const now = await published();
      expect(now).toContain(first);
      expect(now.length).toBeLessThanOrEqual(3);
    }
    expect(kids.size).toBe(5);
    env.clock.advance(33 * DAY);
    expect(await published()).not.toContain(first);
  });

  it('are made with the lead however long nobody has asked', async () => {
    const [first] = await published();
    env.clock.advance(1000 * DAY);
    expect(kidOf(await fetchToken())).toBe(first);
    expect(await published()).toHaveLength(2);
    env.clock.advance(DAY + 1);
    expect(kidOf(await fetchToken())).not.toBe(first);
  });

  it('are each made once, however many ask at once', async () => {
    const first = await published();
    env.clock.advance(89 * DAY + HOUR);
    const answers = await Promise.all(Array.from({ length: 20 }, () => published()));
    for (const kids of answers) expect(kids).toEqual(answers[0]);
    expect(answers[0]).toHaveLength(first.length + 1);
    expect(await countOf(env, 'signing_key.rotated')).toBe(4);
  });

  it('that were there still sign where the clock is put back', async () => {
    const [first] = await published();
    env.clock.advance(-3600);
    const token = await fetchToken();
    expect(kidOf(token)).toBe(first);
    expect((await ApiClient.bearer(env.url, token).get(READ)).status).toBe(200);
  });
});
