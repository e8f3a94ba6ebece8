import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents } from '../support/audit-events.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';

const READ_SCOPES = [
  'users:read',
  'user-groups:read',
  'devices:read',
  'device-groups:read',
  'accounts:read',
  'profiles:read',
  'tasks:read',
  'sessions:read',
  'approvals:read',
];

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({ variables: { POSTERN_ACCESS_TOKEN_TTL: '900' } });
});
afterAll(() => env.close());

const register = (fields: Record<string, unknown>) =>
  env.admin.post('/api/v1/clients', { body: { name: unique('client'), ...fields } });

/** The fields that a refusal names. */
const named = (body: any): string[] => body.errors.map(({ field }: { field: string }) => field);

describe('registering a client', () => {
  it('needs a name and nothing else', async () => {
    const name = unique('client');
    const { status, body, headers } = await env.admin.post('/api/v1/clients', { body: { name } });
    expect(status).toBe(201);
    expect(body).toEqual({
      client_id: expect.stringMatching(/^[A-Za-z0-9_-]{16,}$/),
      client_secret: expect.stringMatching(/^[A-Za-z0-9_-]{43,}$/),
      name,
      notes: '',
      customer_id: '10001',
      active: true,
      scopes: READ_SCOPES,
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: [],
      require_pkce: true,
      require_par: false,
      dpop_bound_access_tokens: false,
      resources: [],
      profile: null,
      access_token_format: 'opaque',
      access_token_signing_alg: 'ES256',
      access_token_ttl: 900,
      refresh_token_ttl: 2_592_000,
      public_base_uri: null,
      allowed_cidrs: [],
      jwks: null,
      valid_from: null,
      valid_until: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: body.created_at,
      last_used_at: null,
      last_authorization: {
        redirect_uri: null,
        authorization_code: null,
        access_token: null,
        code_created_at: null,
        code_created_at_unix: null,
        token_created_at: null,
        token_created_at_unix: null,
        passthru_user: null,
      },
    });
    expect(headers.get('location')).toBe(`/api/v1/clients/${body.client_id}`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('etag')).toMatch(/^".+"$/);
  });

  it('shows the secret this once', async () => {
    const { body: client } = await register({});
    const { body, text } = await env.admin.get(`/api/v1/clients/${client.client_id}`);
    expect(body).not.toHaveProperty('client_secret');
    expect(text).not.toContain(client.client_secret);
    const list = await env.admin.get(`/api/v1/clients?client_id=${client.client_id}`);
    expect(list.text).not.toContain(client.client_secret);
  });

  it('gives no two clients the same id or secret', async () => {
    const [a, b] = await Promise.all([register({}), register({})]);
    expect(a.body.client_id).not.toBe(b.body.client_id);
    expect(a.body.client_secret).not.toBe(b.body.client_secret);
  });

  it('takes every field, and shows it as it was given', async () => {
    const fields = {
      name: unique('Ünïcødé ☃ <b>'),
      notes: 'line\nline "quoted" \\ \t',
      active: false,
      scopes: ['devices:read', 'audit:read'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_method: 'client_secret_post',
      redirect_uris: ['https://app.example.com/cb?x=1'],
      require_pkce: false,
      access_token_format: 'jwt',
      access_token_signing_alg: 'EdDSA',
      access_token_ttl: 2_592_000,
      refresh_token_ttl: 1,
      public_base_uri: 'https://gateway.example.com/api',
      allowed_cidrs: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'],
      valid_from: '2026-01-01T00:00:00.000Z',
      valid_until: '2036-01-01T00:00:00.000Z',
    };
    const { status, body } = await register(fields);
    expect(status).toBe(201);
    expect(body).toMatchObject(fields);
    expect((await env.admin.get(`/api/v1/clients/${body.client_id}`)).body).toMatchObject(fields);
  });

  it('takes an id and a secret, on record without the secret', async () => {
    const client_secret = 'a secret: with % + & "every" \\thing~';
    const client_id = `${unique('my')}._~-`;
    const { status, body } = await register({ client_id, client_secret });
    expect(status).toBe(201);
    expect(body).toMatchObject({ client_id, client_secret });
    await env.token(client_id, client_secret);
    const [event] = await auditEvents(env, 'client.created', `&client_id=${client_id}`);
    expect(event).toMatchObject({
      outcome: 'success',
      actor: { kind: 'client', id: 'test-admin' },
      client_id,
      customer_id: '10001',
      method: 'POST',
      path: '/api/v1/clients',
      detail: { name: body.name, scopes: READ_SCOPES },
    });
    expect(JSON.stringify(event)).not.toContain('every');
  });

  it.each([
    ['15 characters', 'x'.repeat(15)],
    ['257 characters', 'x'.repeat(257)],
    ['a line break', 'sixteen chars or\nmore'],
    ['a letter beyond ASCII', 'sixteen chars ör more'],
    ['nothing', ''],
    ['null', null],
    ['a number', 1234567890123456],
  ])('refuses a secret of %s', async (_, client_secret) => {
    const { status, body } = await register({ client_secret });
    expect(status).toBe(400);
    expect(named(body)).toEqual(['client_secret']);
  });

  it.each([['16', 16] as const, ['256', 256] as const])(
    'takes a secret of %s characters',
    async (_, length) => {
      const { body } = await register({ client_secret: '~'.repeat(length) });
      await env.token(body.client_id, '~'.repeat(length));
    },
  );

  it.each(['', 'a b', 'a/b', 'ä', 'a:b', 'x'.repeat(129), null, 5])(
    'refuses the id %j',
    async (client_id) => {
      const { status, body } = await register({ client_id });
      expect(status).toBe(400);
      expect(named(body)).toEqual(['client_id']);
    },
  );

  it('keeps names apart within a customer, and ids everywhere', async () => {
    const neighbour = await env.addCustomer('reg-2');
    const { body } = await register({ client_id: unique('taken') });
    const sameName = await register({ name: body.name });
    expect(sameName.status).toBe(409);
    expect(sameName.body).toMatchObject({ code: 'conflict', errors: [{ field: 'name' }] });
    const sameId = await register({ client_id: body.client_id });
    expect(sameId.status).toBe(409);
    expect(named(sameId.body)).toEqual(['client_id']);
    expect((await neighbour.post('/api/v1/clients', { body: { name: body.name } })).status).toBe(201);
    const taken = { name: unique('n'), client_id: body.client_id };
    expect((await neighbour.post('/api/v1/clients', { body: taken })).status).toBe(409);
  });

  it('lets one of many that race for an id have it', async () => {
    const client_id = unique('race');
    const answers = await Promise.all(Array.from({ length: 8 }, () => register({ client_id })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  });

  it('refuses unknown fields by name, each of them', async () => {
    const { status, body } = await register({
      scope: 'x',
      created_at: '2026-01-01',
      secret: 'y',
      toString: 1,
    });
    expect(status).toBe(400);
    expect(body.code).toBe('invalid_request');
    expect(named(body)).toContain('toString');
    const again = await register({ scope: 'x', created_at: '2026-01-01', jwks: {} });
    expect(named(again.body).sort()).toEqual(['created_at', 'jwks', 'scope']);
  });

  it.each([
    ['id', '00000000-0000-4000-8000-000000000000'],
    ['built_in', true],
    ['builtIn', true],
    ['version', 7],
    ['updated_at', '2026-01-01T00:00:00Z'],
    ['last_used_at', '2026-01-01T00:00:00Z'],
    ['last_authorization', {}],
    ['secrets', [{ algorithm: 'sha256', hash: 'x' }]],
  ])('lets nobody set what is Postern’s to say: %s', async (field, value) => {
    const { body: made } = await register({});
    const path = `/api/v1/clients/${made.client_id}`;
    for (const answer of [
      await register({ [field]: value }),
      await env.admin.patch(path, { body: { [field]: value } }),
    ]) {
      expect(answer.status).toBe(400);
      expect(named(answer.body)).toEqual([field]);
    }
  });

  it.each([
    ['name', [undefined, null, '', '   ', 5, ['x'], {}, 'x'.repeat(201)]],
    ['notes', [null, 5, 'x'.repeat(4001)]],
    ['active', [null, 'true', 1]],
    ['scopes', [null, 'devices:read', ['devices:read', 'devices:read'], [5], [null], {}]],
    ['grant_types', [null, 'client_credentials', ['password'], ['implicit'], [null]]],
    ['token_endpoint_auth_method', [null, 'client_secret_jwt', 5]],
    ['redirect_uris', [null, 'https://a.example', [5], [null], [['https://a.example']]]],
    ['require_pkce', [null, 'no', 0]],
    ['access_token_format', [null, 'JWT', 'saml', []]],
    ['access_token_signing_alg', [null, 'none', 'HS256', 'RS256', 'es256', 'Ed25519', ['ES256'], 5]],
    ['access_token_ttl', [null, 0, -1, 2_592_001, 1.5, '60', 1e300, true, [60]]],
    ['refresh_token_ttl', [null, 0, 31_536_001, '1', 0.1]],
    ['public_base_uri', [5, 'gateway', 'ftp://x.example', 'javascript:alert(1)', {}]],
    ['allowed_cidrs', [null, '10.0.0.0/8', ['10.0.0.0/33'], ['300.0.0.1'], ['::/129'], [5], ['']]],
    ['valid_from', [5, 'yesterday', '2026-02-30', '2026-01-01T25:00:00Z', true]],
    ['valid_until', ['', '1795253400', {}]],
    ['customer_id', [null, 5, 'nobody', 'x'.repeat(65)]],
  ])('refuses a wrong %s and names it', async (field, values) => {
    for (const value of values) {
      const { status, body, headers } = await register({ [field]: value });
      expect([value, status]).toEqual([value, 400]);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body).toMatchObject({ title: 'Bad Request', status: 400, code: 'invalid_request' });
      expect(named(body).every((name) => name.startsWith(field))).toBe(true);
      expect(body.errors[0].message).not.toBe('');
    }
  });

  it('says what a field takes, its type before its limits', async () => {
    const { body } = await register({ name: undefined, scopes: null, access_token_ttl: '60' });
    expect(body.errors).toEqual(
      expect.arrayContaining([
        { field: 'name', message: 'must be a string' },
        { field: 'scopes', message: 'must be an array' },
        { field: 'access_token_ttl', message: 'must be an integer number' },
      ]),
    );
  });

  it('refuses scopes that the catalogue does not have, each by its place', async () => {
    const { status, body } = await register({ scopes: ['devices:read', 'Devices:read', 'devices:read '] });
    expect(status).toBe(400);
    expect(named(body)).toEqual(['scopes[1]', 'scopes[2]']);
  });

  it('refuses a validity that ends before it begins', async () => {
    const { body } = await register({ valid_from: '2030-01-02', valid_until: '2030-01-01' });
    expect(named(body)).toEqual(['valid_until']);
  });

  it('takes a name again once its client is gone', async () => {
    const { body } = await register({});
    await env.admin.delete(`/api/v1/clients/${body.client_id}`);
    expect((await register({ name: body.name })).status).toBe(201);
  });
});

describe('redirect URIs', () => {
  const confidential = { grant_types: ['authorization_code'] };
  const open = { ...confidential, token_endpoint_auth_method: 'none' };

  it.each([
    'https://app.example.com/callback',
    'https://app.example.com:8443/a?b=c',
    'http://127.0.0.1/cb',
    'http://127.0.0.1:8080/cb',
    'http://[::1]:9/cb',
  ])('may be %s', async (uri) => {
    expect((await register({ ...confidential, redirect_uris: [uri] })).status).toBe(201);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'https://*.example.com/cb',
    'https://app.example.com/cb#fragment',
    'https://user:pass@app.example.com/cb',
    'com.example.app://user@host/cb',
    'https://app.example.com;sandbox/cb',
    'http://localhost/cb',
    'http://localhost:3000/cb',
    'http://app.example.com/cb',
    'http://127.0.0.1.example.com/cb',
    'http://127.1/cb',
    'https://app.example.com@evil.example/cb',
    '//app.example.com/cb',
    '/cb',
    'https:app.example.com',
    'https://app.example.com/c b',
    'https://app.example.com\\@evil.example',
    'myapp:/cb',
    '',
  ])('may not be %s, for any client', async (uri) => {
    for (const kind of [confidential, open]) {
      const { status, body } = await register({ ...kind, redirect_uris: ['https://ok.example', uri] });
      expect(status).toBe(400);
      expect(named(body)[0]).toMatch(/^redirect_uris/);
    }
  });

  it('may have a private-use scheme with a dot, for public clients alone', async () => {
    const redirect_uris = ['com.example.app:/cb'];
    expect((await register({ ...open, redirect_uris })).status).toBe(201);
    const refused = await register({ ...confidential, redirect_uris });
    expect(refused.status).toBe(400);
    expect(named(refused.body)).toEqual(['redirect_uris[0]']);
  });

  it('keep a public client public while it has such a one', async () => {
    const { body } = await register({ ...open, redirect_uris: ['com.example.app:/cb'] });
    const { status, body: refusal } = await env.admin.patch(`/api/v1/clients/${body.client_id}`, {
      body: { token_endpoint_auth_method: 'client_secret_basic' },
    });
    expect(status).toBe(400);
    expect(named(refusal)).toEqual(['redirect_uris[0]']);
  });
});

describe('a public client', () => {
  const open = { grant_types: ['authorization_code'], token_endpoint_auth_method: 'none' };

  it('has no secret, and gets none', async () => {
    const { status, body } = await register(open);
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('client_secret');
    const secrets = `/api/v1/clients/${body.client_id}/secrets`;
    expect((await env.admin.get(secrets)).body).toEqual({ items: [] });
    expect((await env.admin.post(secrets, { body: {} })).status).toBe(409);
    const given = await register({ ...open, client_secret: 'sixteen characters' });
    expect(given.status).toBe(400);
    expect(named(given.body)).toEqual(['client_secret']);
  });

  it('may not use client_credentials, nor go without PKCE', async () => {
    const grant = await register({ token_endpoint_auth_method: 'none' });
    expect(named(grant.body)).toEqual(['grant_types']);
    const pkce = await register({ ...open, require_pkce: false });
    expect(named(pkce.body)).toEqual(['require_pkce']);
  });

  it('is refused when it presents a secret, be it one that it had before', async () => {
    const { body } = await register({});
    await env.admin.patch(`/api/v1/clients/${body.client_id}`, { body: open });
    await expect(env.token(body.client_id, body.client_secret)).rejects.toThrow('401');
    const [event] = await auditEvents(env, 'client_authentication.failed', `&client_id=${body.client_id}`);
    expect(event.detail.reason).toBe('method_not_registered');
  });
});
