import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents } from '../support/audit-events.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';

const READ = '/pam/v1/devices';

describe('a registered client', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment();
  });
  afterAll(() => env.close());
  afterEach(() => env.clock.set(new Date()));

  const path = (clientId: string) => `/api/v1/clients/${clientId}`;
  const patch = (clientId: string, body: object, headers: Record<string, string> = {}) =>
    env.admin.patch(path(clientId), { body, headers });

  it('is read with an ETag, and not sent again to who has it', async () => {
    const { clientId } = await env.registerClient();
    const { headers, body } = await env.admin.get(path(clientId));
    expect(body.client_id).toBe(clientId);
    const etag = headers.get('etag')!;
    for (const sent of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
      const again = await env.admin.get(path(clientId), { headers: { 'if-none-match': sent } });
      expect([sent, again.status, again.text]).toEqual([sent, 304, '']);
      expect(again.headers.get('etag')).toBe(etag);
    }
    const other = await env.admin.get(path(clientId), { headers: { 'if-none-match': '"other"' } });
    expect(other.status).toBe(200);
  });

  it('is 404 where there is none, and 400 where there can be none', async () => {
    expect((await env.admin.get(path('nobody'))).body).toMatchObject({ status: 404, code: 'not_found' });
    const { status, body } = await env.admin.get(path('a%20b'));
    expect(status).toBe(400);
    expect(body.errors[0].field).toBe('client_id');
  });

  it('is changed in what the request names and nothing else', async () => {
    const { clientId } = await env.registerClient({
      notes: 'before',
      valid_until: '2040-01-01T00:00:00.000Z',
    });
    const before = await env.admin.get(path(clientId));
    const { status, body, headers } = await patch(clientId, { notes: 'after', valid_until: null });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...before.body,
      notes: 'after',
      valid_until: null,
      updated_at: body.updated_at,
      last_used_at: body.last_used_at,
    });
    expect(headers.get('etag')).not.toBe(before.headers.get('etag'));
    const now = await env.admin.get(path(clientId));
    expect(now.body).toEqual({ ...body, last_used_at: now.body.last_used_at });
    const [event] = await auditEvents(env, 'client.updated', `&client_id=${clientId}`);
    expect(event.detail.fields.sort()).toEqual(['notes', 'valid_until']);
  });

  it('is changed under If-Match by one of two', async () => {
    const { clientId } = await env.registerClient();
    const etag = (await env.admin.get(path(clientId))).headers.get('etag')!;
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((notes) => patch(clientId, { notes }, { 'if-match': etag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    const stale = await env.admin.delete(path(clientId), { headers: { 'if-match': etag } });
    expect(stale.body).toMatchObject({ status: 412, code: 'precondition_failed' });
    for (const bad of [`W/${etag}`, 'nonsense', '""'])
      expect((await patch(clientId, { notes: 'd' }, { 'if-match': bad })).status).toBe(412);
    expect((await patch(clientId, { notes: 'd' }, { 'if-match': '*' })).status).toBe(200);
  });

  it('keeps its ETag while it is used', async () => {
    const { clientId, clientSecret, api } = await env.registerClient();
    const first = await env.admin.get(path(clientId));
    await env.token(clientId, clientSecret);
    await api.get(READ);
    const used = await eventually(async () => {
      const now = await env.admin.get(path(clientId));
      return now.body.last_used_at && now;
    });
    expect(used.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(used.body.updated_at).toBe(first.body.updated_at);
    const kept = await patch(clientId, { notes: 'x' }, { 'if-match': first.headers.get('etag')! });
    expect(kept.status).toBe(200);
  });

  it.each([
    ['client_id', 'other'],
    ['customer_id', '10001'],
    ['client_secret', 'sixteen characters'],
    ['created_at', '2026-01-01'],
    ['nonsense', null],
  ])('does not take %s in a change', async (field, value) => {
    const { clientId } = await env.registerClient();
    const { status, body } = await patch(clientId, { [field]: value });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field, message: 'is not a known field' }]);
  });

  it('does not take null where something must be', async () => {
    const { clientId } = await env.registerClient();
    for (const field of [
      'name',
      'notes',
      'active',
      'scopes',
      'grant_types',
      'redirect_uris',
      'allowed_cidrs',
    ]) {
      const { status, body } = await patch(clientId, { [field]: null });
      expect([field, status, body.errors?.[0].field]).toEqual([field, 400, field]);
    }
  });

  it('cannot take the name of another', async () => {
    const other = await env.registerClient();
    const { clientId } = await env.registerClient();
    const { body } = await env.admin.get(path(other.clientId));
    const { status, body: refusal } = await patch(clientId, { name: body.name });
    expect([status, refusal.errors[0].field]).toEqual([409, 'name']);
  });

  it('takes an empty change for none', async () => {
    const { clientId } = await env.registerClient();
    const before = await env.admin.get(path(clientId));
    const { status, headers } = await patch(clientId, {});
    expect([status, headers.get('etag')]).toEqual([200, before.headers.get('etag')]);
  });

  it('loses its tokens for good when it is deleted, even if its id is used again', async () => {
    const client_id = unique('phoenix');
    const client_secret = unique('a secret of his own');
    const { api } = await env.registerClient({ client_id, client_secret });
    const handed = await env.admin.post(`${path(client_id)}/tokens`, { body: { expires_in: 600 } });
    const handedOut = env.anonymous.get(READ, {
      headers: { authorization: `Bearer ${handed.body.access_token}` },
    });
    expect((await handedOut).status).toBe(200);
    expect((await env.admin.delete(path(client_id))).status).toBe(204);
    expect((await env.admin.get(path(client_id))).status).toBe(404);
    await expect(env.token(client_id, client_secret)).rejects.toThrow('401');

    await env.registerClient({ client_id, client_secret });
    await env.token(client_id, client_secret);
    expect((await api.get(READ)).status).toBe(401);
    const [use] = await auditEvents(env, 'access_token.revoked_use', `&client_id=${client_id}`);
    expect(use).toMatchObject({ detail: { reason: 'client_deleted' }, customer_id: '10001' });
    const { body } = await env.admin.get(`/api/v1/tokens/${handed.body.id}`);
    expect(body.status).toBe('revoked');
    const [deleted] = await auditEvents(env, 'client.deleted', `&client_id=${client_id}`);
    expect(deleted.detail).toMatchObject({ tokens_revoked: 2 });
    // The new one's list holds the new one's tokens.
    expect((await env.admin.get(`${path(client_id)}/tokens?count=true`)).body.total).toBe(2);
  });

  it('is suspended while it is not active, and as before when it is again', async () => {
    const { clientId, clientSecret, api } = await env.registerClient();
    expect((await patch(clientId, { active: false })).body.active).toBe(false);
    const refused = await api.get(READ);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    await expect(env.token(clientId, clientSecret)).rejects.toThrow('401');
    const hand = await env.admin.post(`${path(clientId)}/tokens`, { body: { expires_in: 60 } });
    expect(hand.status).toBe(409);
    const [use] = await auditEvents(env, 'access_token.revoked_use', `&client_id=${clientId}`);
    expect(use.detail.reason).toBe('client_inactive');
    const [failed] = await auditEvents(env, 'client_authentication.failed', `&client_id=${clientId}`);
    expect(failed.detail.reason).toBe('client_inactive');
    await patch(clientId, { active: true });
    expect((await api.get(READ)).status).toBe(200);
    await env.token(clientId, clientSecret);
  });

  it('acts within its validity alone', async () => {
    const start = env.clock.now().getTime();
    const { clientId, clientSecret, api } = await env.registerClient({
      valid_until: new Date(start + 600_000).toISOString(),
      access_token_ttl: 3600,
    });
    env.clock.set(new Date(start + 599_000));
    expect((await api.get(READ)).status).toBe(200);
    env.clock.set(new Date(start + 600_001));
    expect((await api.get(READ)).status).toBe(401);
    await expect(env.token(clientId, clientSecret)).rejects.toThrow('401');
    const [use] = await auditEvents(env, 'access_token.revoked_use', `&client_id=${clientId}`);
    expect(use.detail.reason).toBe('client_no_longer_valid');
    const dates = { valid_from: new Date(start + 700_000).toISOString(), valid_until: null };
    await patch(clientId, dates);
    expect((await api.get(READ)).status).toBe(401);
    const [early] = await auditEvents(env, 'access_token.revoked_use', `&client_id=${clientId}`);
    expect(early.detail.reason).toBe('client_not_yet_valid');
    env.clock.set(new Date(start + 700_001));
    expect((await api.get(READ)).status).toBe(200);
    await env.token(clientId, clientSecret);
  });

  it('loses at once what it may do no longer, and its tokens do not grow', async () => {
    const { clientId, api } = await env.registerClient({ scopes: ['devices:read', 'users:read'] });
    await patch(clientId, { scopes: ['users:read', 'accounts:read'] });
    expect((await api.get('/pam/v1/users')).status).toBe(200);
    expect((await api.get('/pam/v1/devices')).status).toBe(403);
    expect((await api.get('/pam/v1/accounts')).status).toBe(403);
  });

  it('acts from its addresses alone, whatever X-Forwarded-For says', async () => {
    const near = await env.registerClient({ allowed_cidrs: ['127.0.0.0/8', '::1/128'] });
    expect((await near.api.get(READ)).status).toBe(200);
    const { body } = await env.admin.post('/api/v1/clients', {
      body: { name: unique('far'), allowed_cidrs: ['203.0.113.0/24'] },
    });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: body.client_id,
      client_secret: body.client_secret,
    });
    const headers = {
      'x-forwarded-for': '203.0.113.7',
      forwarded: 'for=203.0.113.7',
      'x-real-ip': '203.0.113.7',
    };
    const { status, body: error } = await env.anonymous.post('/oauth2/token', { body: form, headers });
    expect([status, error.error]).toEqual([401, 'invalid_client']);
    const [failed] = await auditEvents(env, 'client_authentication.failed', `&client_id=${body.client_id}`);
    expect(failed).toMatchObject({ ip: '127.0.0.1', detail: { reason: 'address_not_allowed' } });
    await patch(near.clientId, { allowed_cidrs: ['203.0.113.7'] });
    expect((await near.api.get(READ, { headers })).status).toBe(401);
    const [use] = await auditEvents(env, 'access_token.revoked_use', `&client_id=${near.clientId}`);
    expect(use.detail.reason).toBe('address_not_allowed');
  });
});

describe('behind a trusted proxy', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ variables: { POSTERN_TRUSTED_PROXIES: '127.0.0.0/8, 10.0.0.0/8' } });
  });
  afterAll(() => env.close());

  it.each([
    ['203.0.113.7', 200, '203.0.113.7'],
    ['203.0.113.7, 10.1.2.3', 200, '203.0.113.7'],
    ['203.0.113.7, 198.51.100.1', 401, '198.51.100.1'],
    ['198.51.100.1', 401, '198.51.100.1'],
    ['::ffff:203.0.113.9', 200, '203.0.113.9'],
    ['nonsense', 401, 'nonsense'],
  ])('a call forwarded for %s gives %d', async (forwarded, status, ip) => {
    const { body } = await env.admin.post('/api/v1/clients', {
      body: { name: unique('c'), allowed_cidrs: ['203.0.113.0/24'] },
    });
    const client = await env.anonymous.post('/oauth2/token', {
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: body.client_id,
        client_secret: body.client_secret,
      }),
      headers: { 'x-forwarded-for': forwarded },
    });
    expect(client.status).toBe(status);
    const type = status === 200 ? 'access_token.issued' : 'client_authentication.failed';
    const [event] = await auditEvents(env, type, `&client_id=${body.client_id}`);
    expect(event.ip).toBe(ip);
  });
});
