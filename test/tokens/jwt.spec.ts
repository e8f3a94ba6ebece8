import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  base64url,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { asking, CALLBACK, codeClient, codeFor, VERIFIER } from '../authorize/asking.js';
import { ApiClient } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import { signedIn } from '../support/browser.js';
import {
  createTestEnvironment,
  unique,
  type RegisteredClient,
  type TestEnvironment,
} from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';

const READ = '/pam/v1/devices';
const ALGS = ['ES256', 'EdDSA'] as const;
const JWT = { access_token_format: 'jwt', scopes: ['devices:read', 'users:read'] };

let env: TestEnvironment;
let client: RegisteredClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  client = await env.registerClient(JWT);
});
afterAll(() => env.close());
afterEach(() => env.clock.set(new Date()));

const bearer = (token: string) => ApiClient.bearer(env.url, token);
const tokenOf = ({ clientId, clientSecret }: RegisteredClient) => env.token(clientId, clientSecret);
const jwks = () => createRemoteJWKSet(new URL(`${env.url}/oauth2/jwks`));
const verified = (token: string) =>
  jwtVerify(token, jwks(), {
    issuer: env.url,
    audience: env.url,
    typ: 'at+jwt',
    algorithms: [...ALGS],
    requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
    currentDate: env.clock.now(),
  });
const hintOf = (token: string) => `${token.slice(0, 8)}…${token.slice(-4)}`;
/** The record of a token. */
const recordOf = async (token: string) =>
  (await env.admin.get(`/api/v1/tokens/${decodeJwt(token).jti}`)).body;

describe('a JWT access token (RFC 9068)', () => {
  it.each(ALGS)('signed by %s verifies by the published keys', async (access_token_signing_alg) => {
    const { clientId, clientSecret } = await env.registerClient({ ...JWT, access_token_signing_alg });
    const token = await env.token(clientId, clientSecret, { scope: 'devices:read' });
    const { payload, protectedHeader } = await verified(token);
    expect(protectedHeader).toEqual({
      typ: 'at+jwt',
      alg: access_token_signing_alg,
      kid: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
    expect(payload).toEqual({
      iss: env.url,
      aud: env.url,
      sub: clientId,
      client_id: clientId,
      scope: 'devices:read',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: expect.any(Number),
      exp: payload.iat! + 3600,
    });
    expect(Math.abs(payload.iat! * 1000 - Date.now())).toBeLessThan(60_000);
    expect((await bearer(token).get(READ)).status).toBe(200);
    expect((await bearer(token).get('/pam/v1/users')).status).toBe(403);
  });

  it('is on record by its jti, and never whole', async () => {
    const token = await tokenOf(client);
    const record = await recordOf(token);
    const { payload } = await verified(token);
    expect(record).toMatchObject({
      id: payload.jti,
      format: 'jwt',
      hint: hintOf(token),
      client_id: client.clientId,
      subject: client.clientId,
      status: 'active',
      scopes: ['devices:read', 'users:read'],
    });
    expect(Math.floor(Date.parse(record.expires_at) / 1000)).toBe(payload.exp);
    const { rows } = await env.database.query<{ row: string }>(
      'SELECT t::text AS row FROM access_tokens t WHERE id = $1',
      [payload.jti],
    );
    for (const part of token.split('.').slice(1)) expect(rows[0]!.row).not.toContain(part);
  });

  it('is seen in use, and listed', async () => {
    const token = await tokenOf(client);
    await bearer(token).get(READ);
    await eventually(async () => (await recordOf(token)).last_used_at);
    const { body } = await env.admin.get(`/api/v1/clients/${client.clientId}/tokens?limit=1000`);
    expect(body.items.map(({ id }: any) => id)).toContain(decodeJwt(token).jti);
  });

  it('is refused when it was revoked, from the next call on, and that is on record', async () => {
    const token = await tokenOf(client);
    expect((await bearer(token).get(READ)).status).toBe(200);
    const { jti } = decodeJwt(token);
    expect((await env.admin.delete(`/api/v1/tokens/${jti}`)).status).toBe(204);
    expect((await bearer(token).get(READ)).body.code).toBe('invalid_token');
    const [event] = await auditEvents(env, 'access_token.revoked_use', `&token_id=${jti}`);
    expect(event).toMatchObject({ client_id: client.clientId, detail: { reason: 'token_revoked' } });
  });

  it('is refused when it has expired, and that is on record', async () => {
    const token = await tokenOf(client);
    env.clock.advance(3601);
    expect((await bearer(token).get(READ)).body.detail).toBe('The access token expired');
    const { jti } = decodeJwt(token);
    expect(await auditEvents(env, 'access_token.expired_use', `&token_id=${jti}`)).toHaveLength(1);
    await expect(verified(token)).rejects.toThrow('"exp"');
  });

  it('is refused while its client is not active, and for good when it was deleted', async () => {
    const other = await env.registerClient(JWT);
    const token = await tokenOf(other);
    const path = `/api/v1/clients/${other.clientId}`;
    await env.admin.patch(path, { body: { active: false } });
    expect((await bearer(token).get(READ)).status).toBe(401);
    await env.admin.patch(path, { body: { active: true } });
    expect((await bearer(token).get(READ)).status).toBe(200);
    await env.admin.delete(path);
    expect((await bearer(token).get(READ)).status).toBe(401);
  });

  it('is introspected, and given back by its client', async () => {
    const token = await tokenOf(client);
    const introspect = () => env.admin.post('/oauth2/introspect', { body: new URLSearchParams({ token }) });
    expect((await introspect()).body).toMatchObject({
      active: true,
      client_id: client.clientId,
      exp: decodeJwt(token).exp,
    });
    const basic = ApiClient.basic(env.url, client.clientId, client.clientSecret);
    const revoked = await basic.post('/oauth2/revoke', { body: new URLSearchParams({ token }) });
    expect(revoked.status).toBe(200);
    expect((await introspect()).body).toEqual({ active: false });
    expect((await bearer(token).get(READ)).status).toBe(401);
  });

  it('loses the scopes that its client has lost, whatever it says', async () => {
    const other = await env.registerClient(JWT);
    const token = await tokenOf(other);
    await env.admin.patch(`/api/v1/clients/${other.clientId}`, { body: { scopes: ['users:read'] } });
    expect((await bearer(token).get(READ)).status).toBe(403);
    expect((await bearer(token).get('/pam/v1/users')).status).toBe(200);
  });

  it('is what is handed out to such a client', async () => {
    const { status, body } = await env.admin.post(`/api/v1/clients/${client.clientId}/tokens`, {
      body: { expires_in: 5 * 365 * 86_400, scopes: ['devices:read'] },
    });
    expect([status, body.format, body.hint]).toEqual([201, 'jwt', hintOf(body.access_token)]);
    const { payload } = await verified(body.access_token);
    expect(payload).toMatchObject({ jti: body.id, scope: 'devices:read', sub: client.clientId });
    expect(payload.exp! - payload.iat!).toBe(5 * 365 * 86_400);
    expect((await bearer(body.access_token).get(READ)).status).toBe(200);
  });

  it('follows when its client chooses another form', async () => {
    const other = await env.registerClient({ scopes: ['devices:read'] });
    const path = `/api/v1/clients/${other.clientId}`;
    const opaque = await tokenOf(other);
    await env.admin.patch(path, { body: { access_token_format: 'jwt', access_token_signing_alg: 'EdDSA' } });
    const jwt = await tokenOf(other);
    expect(decodeProtectedHeader(jwt).alg).toBe('EdDSA');
    await env.admin.patch(path, { body: { access_token_format: 'opaque' } });
    for (const token of [opaque, jwt, await tokenOf(other)])
      expect((await bearer(token).get(READ)).status).toBe(200);
  });

  it('is not made where its scopes are more than it can carry', async () => {
    const scopes = Array.from({ length: 120 }, (_, index) => `${'s'.repeat(60)}-${index}`);
    for (const name of scopes) await env.admin.post('/api/v1/scopes', { body: { name, description: 'x' } });
    const { body } = await env.admin.post('/api/v1/clients', {
      body: { ...JWT, name: unique('wide'), scopes },
    });
    const wide = ApiClient.basic(env.url, body.client_id, body.client_secret);
    const form = (scope: string[]) =>
      new URLSearchParams({ grant_type: 'client_credentials', scope: scope.join(' ') });
    const refused = await wide.post('/oauth2/token', { body: form(scopes) });
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_scope']);
    const handedOut = await env.admin.post(`/api/v1/clients/${body.client_id}/tokens`, {
      body: { expires_in: 60 },
    });
    expect([handedOut.status, handedOut.body.code]).toEqual([400, 'invalid_scope']);
    const given = await wide.post('/oauth2/token', { body: form(scopes.slice(0, 80)) });
    expect(given.status).toBe(200);
    expect((await bearer(given.body.access_token).get(READ)).status).toBe(403);
  });
});

describe('a JWT that speaks for a person', () => {
  it.each(ALGS)('names him and when he signed in, by %s', async (access_token_signing_alg) => {
    const app = await codeClient(env, {
      ...JWT,
      access_token_signing_alg,
      grant_types: ['authorization_code', 'refresh_token'],
    });
    // The signing keys have to be looked up again, and must not be within the transaction.
    env.clock.advance(61);
    const browser = await signedIn(env);
    const signedInAt = Math.floor(env.clock.now().getTime() / 1000);
    const code = await codeFor(browser, asking(app.clientId, { scope: 'devices:read' }));
    const redeem = (parameters: Record<string, string>) =>
      ApiClient.basic(env.url, app.clientId, app.clientSecret).post('/oauth2/token', {
        body: new URLSearchParams(parameters),
      });
    const { body } = await redeem({
      grant_type: 'authorization_code',
      code,
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
    });
    const { body: next } = await redeem({ grant_type: 'refresh_token', refresh_token: body.refresh_token });
    for (const token of [body.access_token, next.access_token]) {
      const { payload } = await verified(token);
      expect(payload).toMatchObject({ client_id: app.clientId, scope: 'devices:read' });
      expect(payload.sub).toMatch(/^operator:[0-9a-f-]{36}$/);
      expect(Math.abs((payload.auth_time as number) - signedInAt)).toBeLessThan(10);
      expect((await bearer(token).get(READ)).status).toBe(200);
    }
  });
});

describe('a JWT that was not issued here', () => {
  /** What an attacker makes of a good token and of the public key. */
  const forgeries: [string, (token: string, jwk: any) => Promise<string> | string][] = [
    ['with alg none', (token) => new UnsecuredJWT(decodeJwt(token)).encode()],
    ['with alg none and its old signature', (token) => withHeader(token, { alg: 'none', typ: 'at+jwt' })],
    [
      'with HS256 by the public key',
      (token, jwk) =>
        new SignJWT(decodeJwt(token))
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: jwk.kid })
          .sign(new TextEncoder().encode(JSON.stringify(jwk).padEnd(32, ' '))),
    ],
    ['with another payload', (token) => withClaims(token, { scope: 'clients:write' })],
    ['with a later expiry', (token) => withClaims(token, { exp: decodeJwt(token).exp! + 3600 })],
    ['of another issuer', (token) => withClaims(token, { iss: 'https://elsewhere.example' })],
    [
      'with another kid',
      (token) => withHeader(token, { ...decodeProtectedHeader(token), kid: 'x'.repeat(43) }),
    ],
    ['with a key of its own', (token, jwk) => withHeader(token, { ...decodeProtectedHeader(token), jwk })],
    ['cut short', (token) => token.slice(0, -1)],
    ['without its signature', (token) => token.slice(0, token.lastIndexOf('.') + 1)],
    ['with a fourth part', (token) => `${token}.${token.split('.')[2]}`],
    ['with the same signature, written otherwise', (token) => `${token}=`],
    ['with s turned round, which verifies all the same', flippedS],
    ['of more than 8 KB', (token) => withClaims(token, { scope: 'x'.repeat(7000) })],
  ];

  it.each(forgeries)('%s is refused, and on record', async (_, forge) => {
    const token = await tokenOf(client);
    const { body } = await env.anonymous.get('/oauth2/jwks');
    const forged = await forge(
      token,
      body.keys.find(({ alg }: any) => alg === 'ES256'),
    );
    expect(forged).not.toBe(token);
    const before = await countOf(env, 'access_token.unknown_use');
    const { status, headers } = await bearer(forged).get(READ);
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ]);
    expect(await countOf(env, 'access_token.unknown_use')).toBe(before + 1);
    expect((await bearer(token).get(READ)).status).toBe(200);
  });

  it('with the signature of another token of ours is refused', async () => {
    const [a, b] = [await tokenOf(client), await tokenOf(client)];
    const swapped = [...a.split('.').slice(0, 2), b.split('.')[2]].join('.');
    expect((await bearer(swapped).get(READ)).status).toBe(401);
  });

  it('but verifies by our key is refused: it is not on record', async () => {
    const token = await tokenOf(client);
    await env.database.query('DELETE FROM access_tokens WHERE id = $1', [decodeJwt(token).jti]);
    await verified(token);
    expect((await bearer(token).get(READ)).status).toBe(401);
  });
});

describe('the JWKS', () => {
  it('has the public keys and nothing else', async () => {
    const { status, body, headers, text } = await env.anonymous.get('/oauth2/jwks');
    expect([status, headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^application\/jwk-set\+json/),
    ]);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(headers.get('pragma')).toBeNull();
    const common = { kid: expect.any(String), x: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/), use: 'sig' };
    expect(new Set(body.keys)).toEqual(
      new Set([
        { ...common, kty: 'EC', crv: 'P-256', alg: 'ES256', y: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) },
        { ...common, kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' },
      ]),
    );
    expect(text).not.toContain('"d"');
  });

  it('says when a copy is still good', async () => {
    const { headers } = await env.anonymous.get('/oauth2/jwks');
    const etag = headers.get('etag')!;
    const again = await env.anonymous.get('/oauth2/jwks', { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await env.anonymous.request('HEAD', '/oauth2/jwks')).status).toBe(200);
  });

  it('is for reading', async () => {
    const { status, body, headers } = await env.admin.post('/oauth2/jwks', { body: { keys: [] } });
    expect([status, headers.get('allow'), body.error]).toEqual([405, 'GET, HEAD', 'invalid_request']);
  });
});

function withHeader(token: string, header: object): string {
  return [base64url.encode(JSON.stringify(header)), ...token.split('.').slice(1)].join('.');
}

function withClaims(token: string, claims: object): string {
  const [header, , signature] = token.split('.');
  return [header, base64url.encode(JSON.stringify({ ...decodeJwt(token), ...claims })), signature].join('.');
}

/** The order of P-256: for (r, s), (r, n - s) is a signature too. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

async function flippedS(token: string): Promise<string> {
  const [header, payload, signature] = token.split('.');
  const bytes = Buffer.from(signature!, 'base64url');
  const s = N - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const flipped = Buffer.concat([
    bytes.subarray(0, 32),
    Buffer.from(s.toString(16).padStart(64, '0'), 'hex'),
  ]);
  const forged = [header, payload, flipped.toString('base64url')].join('.');
  await verified(forged);
  return forged;
}
