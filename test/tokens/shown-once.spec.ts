import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import {
  assertionOf,
  JWT_BEARER,
  Key,
  proofOf,
  registerKeyClient,
  type KeyClient,
} from '../support/client-keys.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { describeOnPostgres } from '../support/engine-of-run.js';
import { freePort } from '../support/free-port.js';
import { ServerProcess } from '../support/server-process.js';

const TOKEN = { method: 'POST', path: '/oauth2/token' };
const READ = { method: 'GET', path: '/pam/v1/users' };
/** The issuer is where the outside comes, whichever instance it reaches. */
const PUBLIC_URL = 'https://postern.example.com';

let env: TestEnvironment;
let client: KeyClient;
beforeAll(async () => {
  env = await createTestEnvironment({ variables: { POSTERN_PUBLIC_URL: PUBLIC_URL } });
  client = await registerKeyClient(env);
});
afterAll(() => env.close());

const assertion = () => assertionOf(env, client, { aud: PUBLIC_URL });
const proof = (key: Key, call: { method: string; path: string; accessToken?: string; nonce?: string }) =>
  proofOf(env, key, call, { htu: PUBLIC_URL + call.path });

async function ask(
  url: string,
  client_assertion: string,
  headers: Record<string, string> = {},
): Promise<ApiResponse> {
  const form = { grant_type: 'client_credentials', client_assertion_type: JWT_BEARER, client_assertion };
  return new ApiClient(url).post(TOKEN.path, { body: new URLSearchParams(form), headers });
}

const read = (url: string, accessToken: string, dpop: string) =>
  new ApiClient(url).get(READ.path, { headers: { authorization: `DPoP ${accessToken}`, dpop } });

it('is remembered over a restart: an assertion, and a proof', async () => {
  const key = await Key.create();
  const once = await assertion();
  const atToken = await proof(key, TOKEN);
  const { status, body } = await ask(env.url, once, { dpop: atToken });
  expect(status).toBe(200);
  const atResource = await proof(key, { ...READ, accessToken: body.access_token });
  expect((await read(env.url, body.access_token, atResource)).status).toBe(200);
  env = await env.restart({ POSTERN_PUBLIC_URL: PUBLIC_URL });
  expect((await ask(env.url, once)).body.error).toBe('invalid_client');
  expect((await ask(env.url, await assertion(), { dpop: atToken })).body.error).toBe('invalid_dpop_proof');
  expect((await read(env.url, body.access_token, atResource)).status).toBe(401);
  const another = await proof(key, { ...READ, accessToken: body.access_token });
  expect((await read(env.url, body.access_token, another)).status).toBe(200);
});

it('is forgotten when it is refused for its age', async () => {
  const rows = async () =>
    (
      await env.database.query<{ left: number }>(
        'SELECT extract(epoch FROM expires_at - $1::timestamptz)::float8 AS left FROM used_jtis',
        [env.clock.now()],
      )
    ).rows;
  expect(
    (await ask(env.url, await assertion(), { dpop: await proof(await Key.create(), TOKEN) })).status,
  ).toBe(200);
  const left = (await rows()).map((row) => row.left);
  expect(left.length).toBeGreaterThanOrEqual(2);
  // A proof lives for two minutes, an assertion of a minute for two; none is remembered for long after.
  for (const seconds of left) expect(seconds).toBeLessThan(125);
});

describeOnPostgres('two instances', () => {
  let other: { url: string };
  beforeAll(async () => {
    // What it prints is where the outside comes.
    const port = await freePort();
    await ServerProcess.start({
      DATABASE_URL: env.databaseUrl!,
      PORT: String(port),
      POSTERN_PUBLIC_URL: PUBLIC_URL,
    });
    other = { url: `http://127.0.0.1:${port}` };
  });
  afterAll(() => ServerProcess.killAll());

  it('take an assertion once between them, of 20 at once', async () => {
    const once = await assertion();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ask([env.url, other.url][index % 2]!, once)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ body }) => body.error))).toEqual(new Set(['invalid_client']));
  });

  it('take a proof once between them, at the token endpoint and at a resource', async () => {
    const key = await Key.create();
    const atToken = await proof(key, TOKEN);
    const tokens = await Promise.all(
      [env.url, other.url, env.url, other.url].map(async (url) =>
        ask(url, await assertion(), { dpop: atToken }),
      ),
    );
    const given = tokens.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    const { access_token: accessToken } = given[0]!.body;
    const atResource = await proof(key, { ...READ, accessToken });
    const reads = await Promise.all(
      [env.url, other.url, env.url, other.url].map((url) => read(url, accessToken, atResource)),
    );
    expect(reads.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401]);
  });

  it('take each other’s nonces', async () => {
    const registered = await registerKeyClient(env, { dpop_bound_access_tokens: true });
    const key = await Key.create();
    const askAs = async (url: string, nonce?: string) =>
      ask(url, await assertionOf(env, registered, { aud: PUBLIC_URL }), {
        dpop: await proof(key, { ...TOKEN, nonce }),
      });
    const first = await askAs(env.url);
    expect(first.body.error).toBe('use_dpop_nonce');
    expect((await askAs(other.url, first.headers.get('dpop-nonce')!)).status).toBe(200);
  });
});
