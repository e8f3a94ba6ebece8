import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import pg from 'pg';
import { answerOf, asking, CALLBACK, CODE_CLIENT, openConsent, VERIFIER } from '../authorize/asking.js';
import { ApiClient, basicAuthorization, type ApiResponse } from '../support/api-client.js';
import { Browser } from '../support/browser.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { rawBytes } from '../support/raw-request.js';
import { SECOND_FACTOR } from '../support/second-factors.js';
import { ServerProcess } from '../support/server-process.js';
import { within } from '../support/waiting.js';

const START_MS = 90_000;
const random = (stem: string) => `${stem}-${randomBytes(18).toString('base64url')}`;
const MASTER_KEY = randomBytes(32).toString('base64');
const ADMIN = { id: 'test-admin', secret: random('admin-secret') };
const OWNER = { username: 'owner', password: random('owner password') };

/** Whatever must not be told, by what it is. */
const secrets = new Map<string, string>([
  ['master key', MASTER_KEY],
  ['admin secret', ADMIN.secret],
  ['owner’s password', OWNER.password],
]);
/** What was said to whoever did something wrong. */
const errors: string[] = [];

let database: TestDatabase;
let server: ServerProcess;
let collector: Server;
let traced = '';
beforeAll(async () => {
  collector = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (traced += chunk.toString('latin1')));
    request.on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  database = await createDatabase({ state: 'empty' });
  server = await ServerProcess.start({
    ...database.environment,
    LOG_LEVEL: 'trace',
    POSTERN_MASTER_KEY: MASTER_KEY,
    POSTERN_VAULT: 'true',
    POSTERN_ADMIN_CLIENT_ID: ADMIN.id,
    POSTERN_ADMIN_CLIENT_SECRET: ADMIN.secret,
    POSTERN_OWNER_PASSWORD: OWNER.password,
    POSTERN_SAMPLE_DATA: 'false',
    // A collector that is not there costs nothing but what would go to it.
    REDIS_URL: `redis://:${noted('redis password', random('redis'))}@127.0.0.1:1/0`,
    POSTERN_RATE_LIMIT_REQUESTS: '100000',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  });
}, START_MS);
afterAll(async () => {
  await ServerProcess.killAll();
  await database.drop();
  collector.close();
});

function noted(what: string, secret: string): string {
  secrets.set(what, secret);
  return secret;
}

const admin = () => ApiClient.basic(server.url, ADMIN.id, ADMIN.secret);
const anonymous = () => new ApiClient(server.url);
const form = (parameters: Record<string, string>) => ({ body: new URLSearchParams(parameters) });

/** Refused, as it has to be; what is said is kept. */
async function refused(asked: Promise<ApiResponse>): Promise<void> {
  const { status, text, headers } = await asked;
  expect(status).toBeGreaterThanOrEqual(400);
  errors.push(text, ...[...headers].map(([name, value]) => `${name}: ${value}`));
}

async function made(asked: Promise<ApiResponse>): Promise<any> {
  const { status, body, text } = await asked;
  if (status >= 300) throw new Error(`${status} ${text}`);
  return body;
}

interface Actors {
  clientId: string;
  clientSecret: string;
  token: string;
}

/** Every grant, and everything that gives somebody something. */
async function everythingThatIsGiven(): Promise<Actors> {
  const client = await made(
    admin().post('/api/v1/clients', {
      body: { name: 'all', ...CODE_CLIENT, grant_types: [...CODE_CLIENT.grant_types, 'client_credentials'] },
    }),
  );
  const [clientId, clientSecret] = [client.client_id, noted('client secret', client.client_secret)];
  const supplied = noted('supplied secret', random('supplied'));
  await made(
    admin().post('/api/v1/clients', {
      body: { name: 'supplied', client_id: 'supplied', client_secret: supplied },
    }),
  );
  await made(
    ApiClient.basic(server.url, 'supplied', supplied).post(
      '/oauth2/token',
      form({ grant_type: 'client_credentials' }),
    ),
  );
  const own = ApiClient.basic(server.url, clientId, clientSecret);
  const { access_token: token } = await made(
    own.post('/oauth2/token', form({ grant_type: 'client_credentials' })),
  );
  noted('access token', token);
  const jwtClient = await made(
    admin().post('/api/v1/clients', { body: { name: 'jwt', access_token_format: 'jwt' } }),
  );
  const jwt = ApiClient.basic(
    server.url,
    jwtClient.client_id,
    noted('secret of the JWTs', jwtClient.client_secret),
  );
  noted(
    'JWT',
    (await made(jwt.post('/oauth2/token', form({ grant_type: 'client_credentials' })))).access_token,
  );

  const browser = new Browser(server.url);
  expect((await browser.signIn(OWNER.username, OWNER.password)).status).toBe(303);
  for (const [name, value] of browser.cookies) noted(`cookie ${name}`, value);
  const page = await openConsent(browser, asking(clientId));
  const { code } = answerOf(await browser.submit(page, '/oauth2/consent', { decision: 'allow' })).parameters;
  const redeem = (one: string, verifier: string) =>
    own.post(
      '/oauth2/token',
      form({ grant_type: 'authorization_code', code: one, redirect_uri: CALLBACK, code_verifier: verifier }),
    );
  const tokens = await made(redeem(noted('code', code!), noted('verifier', VERIFIER)));
  const refresh = (one: string) =>
    own.post('/oauth2/token', form({ grant_type: 'refresh_token', refresh_token: one }));
  const next = await made(refresh(noted('refresh token', tokens.refresh_token)));
  noted('second refresh token', next.refresh_token);
  noted('access token of a code', tokens.access_token);
  noted('access token of a refresh', next.access_token);
  await refused(redeem(code!, VERIFIER));
  await refused(refresh(next.refresh_token));

  const handedOut = await made(
    admin().post(`/api/v1/clients/${clientId}/tokens`, { body: { expires_in: 600 } }),
  );
  noted('token that was handed out', handedOut.access_token);
  const rotated = await made(admin().post(`/api/v1/clients/${clientId}/secrets`, { body: { overlap: 600 } }));
  noted('rotated secret', rotated.client_secret);
  const password = noted('password', random('password'));
  await made(admin().post('/api/v1/operators', { body: { username: 'ada', password, role: 'user' } }));
  await made(own.post('/oauth2/introspect', form({ token })).then((answer) => ({ ...answer, status: 200 })));
  await made(own.post('/oauth2/revoke', form({ token: handedOut.access_token })));
  await consoleLooks(browser, clientId, rotated.id);
  return { clientId, clientSecret, token };
}

/** The owner looks at a secret again, in the console. */
async function consoleLooks(browser: Browser, clientId: string, secretId: string): Promise<void> {
  const redirect_uri = `${server.url}/console/callback`;
  const query = asking('postern-console', { redirect_uri, scope: undefined });
  const { location } = await browser.get(`/oauth2/authorize?${query}`);
  const { code } = answerOf(await browser.get(location!)).parameters;
  const parameters = {
    grant_type: 'authorization_code',
    client_id: 'postern-console',
    code: code!,
    redirect_uri,
  };
  const { access_token } = await made(
    anonymous().post('/oauth2/token', form({ ...parameters, code_verifier: VERIFIER })),
  );
  const owner = ApiClient.bearer(server.url, noted('the console’s token', access_token));
  await made(owner.post(`/api/v1/clients/${clientId}/secrets/${secretId}/reveal`));
  await refused(
    owner.put('/api/v1/account/password', {
      body: { current_password: OWNER.password, new_password: 'short' },
    }),
  );
  await secondFactors(owner);
}

/** The owner enrols a second factor, signs in with it, and fails to. */
async function secondFactors(owner: ApiClient): Promise<void> {
  const factors = '/api/v1/account/second-factor';
  const { secret, otpauth_uri: uri } = await made(
    owner.post(`${factors}/totp/begin`, { body: { current_password: OWNER.password } }),
  );
  noted('key of the app', secret);
  noted('address of the key', uri);
  await refused(owner.post(`${factors}/totp`, { body: { code: secret } }));
  const code = new TOTP({ secret }).generate();
  const { recovery_codes: codes } = await made(owner.post(`${factors}/totp`, { body: { code } }));
  codes.forEach((one: string, index: number) => noted(`recovery code ${index}`, one));
  await refused(owner.post(`${factors}/verification`, { body: { code: `${codes[0]}x` } }));
  await made(owner.post(`${factors}/verification`, { body: { code: codes[0] } }));
  await refused(owner.post(`${factors}/verification`, { body: { code: codes[0] } }));
  await refused(owner.post(`${factors}/passkeys`, { body: { response: { id: secret }, name: codes } }));
  const browser = new Browser(server.url);
  await browser.signIn(OWNER.username, OWNER.password);
  for (const [name, value] of browser.cookies) noted(`cookie ${name} before the factor`, value);
  for (const shown of [codes[0], secret, codes[1]]) {
    const page = await browser.get(SECOND_FACTOR);
    const answer = await browser.submit(page, SECOND_FACTOR, { code: shown });
    expect(answer.status).toBe(shown === codes[1] ? 303 : 403);
    errors.push(answer.text);
  }
}

/** The same things where they do not belong. */
async function everythingInTheWrongPlace({ clientId, clientSecret, token }: Actors): Promise<void> {
  const as = (authorization: string) => ({ headers: { authorization } });
  const json = (text: string, path = '/api/v1/clients') =>
    admin().post(path, { body: text, headers: { 'content-type': 'application/json' } });
  for (const secret of [clientSecret, token, OWNER.password]) {
    await refused(anonymous().get(`/pam/v1/users?access_token=${encodeURIComponent(secret)}`));
    await refused(
      anonymous().get(
        `/oauth2/authorize?client_id=${encodeURIComponent(secret)}&state=${encodeURIComponent(secret)}`,
      ),
    );
    await refused(
      anonymous().post(
        `/oauth2/token?client_secret=${encodeURIComponent(secret)}`,
        form({ grant_type: 'nonsense', client_secret: secret, client_id: clientId }),
      ),
    );
    await refused(
      anonymous().post(
        '/oauth2/token',
        form({ grant_type: secret, client_id: clientId, client_secret: clientSecret }),
      ),
    );
    await refused(
      admin()
        .get(`/api/v1/clients?${encodeURIComponent(secret)}=1`)
        .then((answer) => ({ ...answer, text: '' })),
    );
    await refused(admin().get(`/api/v1/clients?cursor=${encodeURIComponent(secret)}`));
    await refused(admin().get(`/api/v1/clients?limit=${encodeURIComponent(secret)}`));
    for (const authorization of [secret, `Basic ${secret}`, `Bearer "${secret}"`, `Digest x="${secret}"`])
      await refused(anonymous().get('/api/v1/clients', as(authorization)));
    await refused(anonymous().get('/api/v1/clients', as(basicAuthorization(clientId, `${secret}x`))));
    await refused(
      anonymous().get('/pam/v1/users', {
        headers: {
          cookie: `a=${secret}`,
          referer: `https://x/?code=${encodeURIComponent(secret)}`,
          'x-api-key': secret,
        },
      }),
    );
    await refused(json(`{"client_secret": "${secret}`));
    await refused(json(`{"client_secret": ${secret}}`));
    await refused(json(`${secret}`));
    await refused(json(JSON.stringify({ name: 'x', client_secret: `${secret}\u00e4` })));
    await refused(json(JSON.stringify({ name: 'x', client_secret: { secret } })));
    await refused(json(JSON.stringify({ name: 'x', client_secret: [secret], scopes: secret })));
    await refused(
      json(JSON.stringify({ username: 'x', password: [secret], role: secret }), '/api/v1/operators'),
    );
    await refused(
      anonymous().post('/oauth2/token', {
        body: `client_secret=${encodeURIComponent(secret)}%zz`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    );
    await refused(
      anonymous().post('/oauth2/token', { body: secret, headers: { 'content-type': 'text/plain' } }),
    );
    await refused(
      anonymous().post('/pam/apps/autheticate/oauth/token-generation', {
        body: { grant_type: 'x', client_id: clientId, client_secret: secret },
      }),
    );
    errors.push(
      await within(
        10_000,
        rawBytes(
          server.url,
          `GET /?${secret.replaceAll(' ', '')} HTTP/1.1\r\nHost: x\r\nX: ${secret}\0\r\n\r\n`,
        ),
      ),
    );
  }
  const wrong = noted('wrong password', random('wrong password'));
  const page = await new Browser(server.url).signIn('owner', wrong);
  expect(page.status).toBe(403);
  errors.push(page.text);
}

/** A table that is gone: every statement fails, and is logged with what it failed by. */
async function databaseErrors({ clientId, clientSecret, token }: Actors): Promise<void> {
  const url = database.environment.DATABASE_URL;
  if (!url) return;
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  try {
    for (const table of ['access_tokens', 'client_secrets', 'operators', 'audit_events']) {
      await other.query(`ALTER TABLE ${table} RENAME TO ${table}_gone`);
      const own = ApiClient.basic(server.url, clientId, clientSecret);
      const answers = [
        await own.post('/oauth2/token', form({ grant_type: 'client_credentials' })),
        await ApiClient.bearer(server.url, `${token}x`).get('/pam/v1/users'),
        await admin().post('/api/v1/clients', {
          body: { name: `without ${table}`, client_secret: noted(`while ${table} is gone`, random('gone')) },
        }),
        await new Browser(server.url).signIn('owner', OWNER.password),
      ];
      expect(Math.max(...answers.map(({ status }) => status))).toBe(500);
      errors.push(...answers.filter(({ status }) => status >= 400).map(({ text }) => text));
      await other.query(`ALTER TABLE ${table}_gone RENAME TO ${table}`);
    }
  } finally {
    await other.end();
  }
}

/** Any 16 characters of its middle tell of a secret, cut short or not; a token's hint is fewer. */
function tells(text: string, secret: string): boolean {
  const middle = secret.slice(8, 24);
  return (
    text.includes(middle) ||
    text.includes(encodeURIComponent(middle)) ||
    text.includes(Buffer.from(middle).toString('base64').slice(1, -4))
  );
}

it('what is secret stands in no log, error, event, figure, trace or argument, whatever goes wrong', async () => {
  const actors = await everythingThatIsGiven();
  await everythingInTheWrongPlace(actors);
  await databaseErrors(actors);
  const metrics = await admin().get('/metrics');
  const events = await admin().get('/api/v1/audit-events', { headers: { accept: 'application/x-ndjson' } });
  expect([metrics.status, events.status]).toEqual([200, 200]);
  const argumentsOfIt = await readFile(`/proc/${server.pid}/cmdline`, 'utf8').catch(() => '');
  await server.kill('SIGTERM');
  // It has been said at all: lines for requests, and stacks of what went wrong.
  expect(server.output.split('\n').length).toBeGreaterThan(100);
  expect(events.text.split('\n').length).toBeGreaterThan(50);
  expect(traced).toContain('resourceSpans');
  const told = {
    output: server.output,
    events: events.text,
    metrics: metrics.text,
    errors: errors.join('\n'),
    argumentsOfIt,
    traced,
  };
  const found = [...secrets].flatMap(([what, secret]) =>
    Object.entries(told).flatMap(([where, text]) =>
      tells(text, secret)
        ? [
            `${what} in ${where}: ${text
              .split('\n')
              .find((line) => tells(line, secret))
              ?.slice(0, 400)}`,
          ]
        : [],
    ),
  );
  expect(found).toEqual([]);
  expect(secrets.size).toBeGreaterThan(20);
}, 120_000);
