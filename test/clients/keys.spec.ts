import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Key, postByKey, registerKeyClient } from '../support/client-keys.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';

let env: TestEnvironment;
let key: Key;
beforeAll(async () => {
  env = await createTestEnvironment();
  key = await Key.create();
});
afterAll(() => env.close());

const BY_KEY = { token_endpoint_auth_method: 'private_key_jwt' };
const register = (fields: Record<string, unknown>) =>
  env.admin.post('/api/v1/clients', { body: { name: unique('client'), ...fields } });
const change = (clientId: string, body: Record<string, unknown>) =>
  env.admin.patch(`/api/v1/clients/${clientId}`, { body });
const ec = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });

describe('the public keys of a client', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['are a set', () => 'x', /JWK Set/],
    ['are a set, not a key', () => key.publicJwk, /JWK Set/],
    ['are at least one', () => ({ keys: [] }), /1 to 10/],
    [
      'are ten at most',
      () => ({ keys: Array.from({ length: 11 }, (_, kid) => ({ ...key.publicJwk, kid: `${kid}` })) }),
      /1 to 10/,
    ],
    ['are objects', () => ({ keys: ['x'] }), /keys\[0\] must be an object/],
    ['hold nothing private', () => ({ keys: [key.privateJwk] }), /public key, and holds d/],
    ['hold no secret', () => ({ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }), /public key, and holds k/],
    ['are of a curve that is taken', () => ({ keys: [ec('P-384')] }), /ES256 \(P-256\)/],
    ['are keys', () => ({ keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }] }), /ES256 \(P-256\)/],
    [
      'are keys by which not everybody signs',
      () => ({ keys: [{ ...rsa, e: 'AQ' }] }),
      /PS256 \(RSA, 2048 to 8192 bits\)/,
    ],
    ['are checked in a moment', () => ({ keys: [{ ...rsa, e: rsa.n }] }), /PS256 \(RSA, 2048 to 8192 bits\)/],
    ['are for signatures', () => ({ keys: [{ ...key.publicJwk, use: 'enc' }] }), /use: sig/],
    [
      'say what they are for, if they do',
      () => ({ keys: [{ ...key.publicJwk, alg: 'PS256' }] }),
      /must be for ES256/,
    ],
    ['have names of some length', () => ({ keys: [{ ...key.publicJwk, kid: '' }] }), /kid of 1 to 255/],
    ['are told apart by their kids', () => ({ keys: [key.publicJwk, key.publicJwk] }), /same kid/],
    [
      'each have one where they are several',
      () => ({ keys: [key.publicJwk, ec('P-256')] }),
      /give each of several keys a kid/,
    ],
  ])('%s', async (_, jwks, message) => {
    const { status, body } = await register({ ...BY_KEY, jwks: jwks() });
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'jwks', message: expect.stringMatching(message) }],
    ]);
  });

  it('are there as long as it authenticates by them', async () => {
    const without = await register(BY_KEY);
    expect([without.status, without.body.errors[0].field]).toEqual([400, 'jwks']);
    const { clientId } = await registerKeyClient(env);
    const taken = await change(clientId, { jwks: null });
    expect([taken.status, taken.body.errors[0].field]).toEqual([400, 'jwks']);
  });

  it('are shown as they were given, and never a secret with them', async () => {
    const { status, body } = await register({ ...BY_KEY, jwks: { keys: [key.publicJwk] } });
    expect([status, body.client_secret, body.jwks]).toEqual([201, undefined, { keys: [key.publicJwk] }]);
    const withSecret = await register({
      ...BY_KEY,
      jwks: { keys: [key.publicJwk] },
      client_secret: 'x'.repeat(20),
    });
    expect([withSecret.status, withSecret.body.errors[0].field]).toEqual([400, 'client_secret']);
    expect((await env.admin.post(`/api/v1/clients/${body.client_id}/secrets`, { body: {} })).status).toBe(
      409,
    );
  });

  it('change at once: the new one is good, and the old one is not', async () => {
    const client = await registerKeyClient(env);
    const ask = (by: Key) =>
      postByKey(env, { clientId: client.clientId, key: by }, '/oauth2/token', {
        grant_type: 'client_credentials',
      });
    const next = await Key.create('EdDSA');
    expect([(await ask(client.key)).status, (await ask(next)).status]).toEqual([200, 401]);
    await change(client.clientId, { jwks: { keys: [client.key.publicJwk, next.publicJwk] } });
    expect([(await ask(client.key)).status, (await ask(next)).status]).toEqual([200, 200]);
    await change(client.clientId, { jwks: { keys: [next.publicJwk] } });
    expect([(await ask(client.key)).status, (await ask(next)).status]).toEqual([401, 200]);
    await change(client.clientId, { active: false });
    expect((await ask(next)).status).toBe(401);
  });

  it('are one way of authenticating: a client that changes to a secret is good by that alone', async () => {
    const { clientId, key: own } = await registerKeyClient(env);
    expect((await change(clientId, { token_endpoint_auth_method: 'client_secret_basic' })).status).toBe(200);
    const form = { grant_type: 'client_credentials' };
    expect((await postByKey(env, { clientId, key: own }, '/oauth2/token', form)).status).toBe(401);
    const { body } = await env.admin.post(`/api/v1/clients/${clientId}/secrets`, { body: {} });
    expect(await env.token(clientId, body.client_secret)).toMatch(/^pst_/);
    await change(clientId, BY_KEY);
    await expect(env.token(clientId, body.client_secret)).rejects.toThrow('invalid_client');
  });
});

describe('the profile fapi2', () => {
  it('brings what it requires, and lets go of it', async () => {
    const { status, body } = await register({ profile: 'fapi2', jwks: { keys: [key.publicJwk] } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      profile: 'fapi2',
      token_endpoint_auth_method: 'private_key_jwt',
      require_pkce: true,
      require_par: true,
      dpop_bound_access_tokens: true,
    });
    const held = await change(body.client_id, { require_par: false });
    expect([held.status, held.body.errors[0].field]).toEqual([400, 'require_par']);
    const free = await change(body.client_id, { profile: null, require_par: false });
    expect(free.body).toMatchObject({ profile: null, require_par: false, dpop_bound_access_tokens: true });
  });

  it('names each field that stands against it', async () => {
    const { body: made } = await register({ jwks: { keys: [key.publicJwk] }, require_pkce: false });
    const { status, body } = await change(made.client_id, { profile: 'fapi2' });
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual([
      'dpop_bound_access_tokens',
      'require_par',
      'require_pkce',
      'token_endpoint_auth_method',
    ]);
    expect((await change(made.client_id, { profile: 'fapi1' })).body.errors[0].field).toBe('profile');
  });
});
