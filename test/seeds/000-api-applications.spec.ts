import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { READ_SCOPES } from '#oauth-protocol';
import { ApiClient } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';

/** The seeds 000 and 001 describe the same pages of two systems; here is what those pages do. */
const APPLICATIONS = '/api/v1/clients';
const NAMES = Object.keys(READ_SCOPES).map((scope) => scope.replace(':read', ''));

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment({
    variables: { POSTERN_VAULT: 'true', POSTERN_MASTER_KEY: randomBytes(32).toString('base64') },
  });
});
afterAll(() => env.close());

/** An application as the page makes it: by its name alone. */
async function create(name = unique('application')) {
  const { status, body, text } = await env.admin.post(APPLICATIONS, { body: { name } });
  if (status !== 201) throw new Error(`${status} ${text}`);
  return { path: `${APPLICATIONS}/${body.client_id}`, ...body };
}

describe('a new application', () => {
  it('needs a unique name, and gets an id and a secret that are its own', async () => {
    const [one, other] = [await create(), await create()];
    expect(one.client_id).toMatch(/^[A-Za-z0-9_-]{16,}$/);
    expect(one.client_secret).toMatch(/^[A-Za-z0-9_-]{43,}$/);
    expect(one.client_id).not.toBe(other.client_id);
    expect(one.client_secret).not.toBe(other.client_secret);
    const again = await env.admin.post(APPLICATIONS, { body: { name: one.name } });
    expect([again.status, again.body.errors[0].field]).toEqual([409, 'name']);
  });

  it('shows its name where it is listed', async () => {
    const { name } = await create();
    const { body } = await env.admin.get(`${APPLICATIONS}?name=${name}`);
    expect(body.items).toHaveLength(1);
  });

  it('keeps notes for whoever looks after it', async () => {
    const { path } = await create();
    const notes = 'Owned by the SOC; ask before rotating.';
    expect((await env.admin.patch(path, { body: { notes } })).body.notes).toBe(notes);
    expect((await env.admin.get(path)).body.notes).toBe(notes);
  });

  it('manages its own tokens by oauth2/token, with id and secret alone', async () => {
    const { client_id, client_secret } = await create();
    const token = await env.token(client_id, client_secret);
    expect((await ApiClient.bearer(env.url, token).get('/pam/v1/users')).status).toBe(200);
  });

  it.each(NAMES)('reads %s', async (name) => {
    const { client_id, client_secret } = await create();
    const api = ApiClient.bearer(env.url, await env.token(client_id, client_secret));
    expect((await api.get(`/pam/v1/${name}`)).status).toBe(200);
  });

  it('changes nothing: the API is read-only', async () => {
    const { client_id, client_secret } = await create();
    const api = ApiClient.bearer(env.url, await env.token(client_id, client_secret));
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, headers } = await api.request(method, '/pam/v1/users', { body: {} });
      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });
});

describe('an access token that is handed out', () => {
  it('has the expiry that was selected, works for who cannot fetch one, and is listed', async () => {
    const { path } = await create();
    const expires_at = new Date(env.clock.now().getTime() + 86_400_000).toISOString();
    const { status, body } = await env.admin.post(`${path}/tokens`, { body: { expires_at } });
    expect([status, body.expires_at]).toEqual([201, expires_at]);
    expect((await ApiClient.bearer(env.url, body.access_token).get('/pam/v1/devices')).status).toBe(200);
    const { body: list } = await env.admin.get(`${path}/tokens`);
    expect(list.items).toMatchObject([{ id: body.id, expires_at, status: 'active' }]);
    expect(JSON.stringify(list)).not.toContain(body.access_token);
  });

  it('says when it was last used', async () => {
    const { path } = await create();
    const { body } = await env.admin.post(`${path}/tokens`, { body: { expires_in: 600 } });
    expect((await env.admin.get(`/api/v1/tokens/${body.id}`)).body.last_used_at).toBeNull();
    await ApiClient.bearer(env.url, body.access_token).get('/pam/v1/devices');
    const lastUsed = await eventually(
      async () => (await env.admin.get(`/api/v1/tokens/${body.id}`)).body.last_used_at,
    );
    expect(Math.abs(Date.parse(lastUsed) - env.clock.now().getTime())).toBeLessThan(60_000);
  });

  it('is refused once it has expired, and the call is logged in words that an operator understands', async () => {
    const { path, client_id } = await create();
    const { body } = await env.admin.post(`${path}/tokens`, { body: { expires_in: 60 } });
    const api = ApiClient.bearer(env.url, body.access_token);
    env.clock.advance(59);
    expect((await api.get('/pam/v1/devices')).status).toBe(200);
    env.clock.advance(1);
    expect((await api.get('/pam/v1/devices')).status).toBe(401);
    const [event] = await auditEvents(env, 'access_token.expired_use');
    expect(event).toMatchObject({ client_id, token_id: body.id, outcome: 'failure' });
    expect(event.detail.message).toBe(
      `GET /pam/v1/devices was called with an access token of ${client_id} that expired at ${body.expires_at}.`,
    );
  });
});

describe('secret and token', () => {
  it('can be seen and copied again by an owner, where the vault is on', async () => {
    const { path, client_secret } = await create();
    const { body: token } = await env.admin.post(`${path}/tokens`, { body: { expires_in: 600 } });
    const { client_id: id, client_secret: secret } = await create();
    await env.database.query(`UPDATE clients SET scopes = '{credentials:reveal}' WHERE client_id = $1`, [id]);
    const owner = ApiClient.basic(env.url, id, secret);
    const { body: secrets } = await env.admin.get(`${path}/secrets`);
    const seen = await owner.post(`${path}/secrets/${secrets.items[0].id}/reveal`);
    expect(seen.body.client_secret).toBe(client_secret);
    expect((await owner.post(`/api/v1/tokens/${token.id}/reveal`)).body.access_token).toBe(
      token.access_token,
    );
  });
});
