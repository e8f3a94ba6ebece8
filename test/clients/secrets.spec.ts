import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents } from '../support/audit-events.js';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { eventually } from '../support/eventually.js';

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());
afterEach(() => env.clock.set(new Date()));

const secretsOf = (clientId: string) => `/api/v1/clients/${clientId}/secrets`;
const GRANT = { grant_type: 'client_credentials' };

/** Which of the ways to present a secret are taken: Basic raw, Basic form-encoded, body. */
async function waysTaken(clientId: string, secret: string): Promise<number[]> {
  const form = new URLSearchParams(GRANT);
  const encoded = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  const answers = await Promise.all([
    ApiClient.basic(env.url, clientId, secret).post('/oauth2/token', { body: form }),
    ApiClient.basic(env.url, encoded(clientId), encoded(secret)).post('/oauth2/token', { body: form }),
    env.anonymous.post('/oauth2/token', {
      body: new URLSearchParams({ ...GRANT, client_id: clientId, client_secret: secret }),
    }),
  ]);
  return answers.map(({ status }) => status);
}

describe('a supplied secret', () => {
  it.each([
    'plain and long enough',
    'with:colons:::in:it',
    '100%+safe & sound=?',
    '%41%42%43%44%45%46%47',
    '++++++++++++++++',
    '%zz is no escape at all',
    '  spaces at the ends  ',
    '"quoted\\back\\slashed"',
    `${'x'.repeat(72)} and beyond seventy-two`,
    '~'.repeat(256),
  ])('works by Basic, raw and form-encoded, and by body: %s', async (client_secret) => {
    const { status, body } = await env.admin.post('/api/v1/clients', {
      body: { name: unique('client'), client_secret },
    });
    expect(status).toBe(201);
    expect(await waysTaken(body.client_id, client_secret)).toEqual([200, 200, 200]);
    // Again, now that it is remembered.
    expect(await waysTaken(body.client_id, client_secret)).toEqual([200, 200, 200]);
    expect(await waysTaken(body.client_id, `${client_secret.slice(0, -1)}\u0001`)).toEqual([401, 401, 401]);
  });

  it('is looked at to its end', async () => {
    const long = 'x'.repeat(100);
    const { body } = await env.admin.post('/api/v1/clients', {
      body: { name: unique('client'), client_secret: `${long}a` },
    });
    expect(await waysTaken(body.client_id, `${long}b`)).toEqual([401, 401, 401]);
  });

  it('is stored with bcrypt, a generated one with SHA-256, neither in plain', async () => {
    const supplied = await env.admin.post('/api/v1/clients', {
      body: { name: unique('client'), client_secret: 'what a person chose' },
    });
    const generated = await env.admin.post('/api/v1/clients', { body: { name: unique('client') } });
    const stored = async (clientId: string) =>
      (
        await env.database.query<{ hash: string }>(
          'SELECT s.hash FROM client_secrets s JOIN clients c ON c.id = s.client WHERE c.client_id = $1',
          [clientId],
        )
      ).rows[0]!.hash;
    expect(await stored(supplied.body.client_id)).toMatch(/^\$2[aby]\$\d\d\$/);
    expect(await stored(generated.body.client_id)).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });
});

describe('rotating a secret', () => {
  it('ends the old one at once', async () => {
    const { clientId, clientSecret } = await env.registerClient();
    const { status, body, headers } = await env.admin.post(secretsOf(clientId), { body: {} });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_secret: expect.stringMatching(/^[A-Za-z0-9_-]{43,}$/),
      created_at: expect.any(String),
      expires_at: null,
      last_used_at: null,
    });
    expect(await waysTaken(clientId, clientSecret)).toEqual([401, 401, 401]);
    expect(await waysTaken(clientId, body.client_secret)).toEqual([200, 200, 200]);
    const [event] = await auditEvents(env, 'client_secret.rotated', `&client_id=${clientId}`);
    expect(event.detail).toEqual({ secret_id: body.id, overlap: 0 });
  });

  it('takes a request without a body', async () => {
    const { clientId } = await env.registerClient();
    expect((await env.admin.post(secretsOf(clientId))).status).toBe(201);
  });

  it('leaves the tokens that the old one gave', async () => {
    const { clientId, api } = await env.registerClient();
    await env.admin.post(secretsOf(clientId), { body: {} });
    expect((await api.get('/pam/v1/devices')).status).toBe(200);
  });

  it.each([
    ['generated', undefined],
    ['supplied', 'an old one that somebody chose'],
  ])('keeps the old %s one for the overlap', async (_, client_secret) => {
    const { clientId, clientSecret } = await env.registerClient({ client_secret });
    const { body } = await env.admin.post(secretsOf(clientId), {
      body: { overlap: 3600, client_secret: 'a new one that somebody chose' },
    });
    expect(body.client_secret).toBe('a new one that somebody chose');
    expect(await waysTaken(clientId, clientSecret)).toEqual([200, 200, 200]);
    expect(await waysTaken(clientId, body.client_secret)).toEqual([200, 200, 200]);
    const { body: list } = await env.admin.get(secretsOf(clientId));
    expect(list.items).toHaveLength(2);
    expect(list.items[0]).toMatchObject({ id: body.id, expires_at: null });
    const left = Date.parse(list.items[1].expires_at) - Date.parse(body.created_at);
    expect(Math.abs(left - 3_600_000)).toBeLessThan(2000);
    env.clock.advance(3601);
    expect(await waysTaken(clientId, clientSecret)).toEqual([401, 401, 401]);
    expect(await waysTaken(clientId, body.client_secret)).toEqual([200, 200, 200]);
  });

  it('does not make an old one live longer', async () => {
    const { clientId, clientSecret } = await env.registerClient();
    await env.admin.post(secretsOf(clientId), { body: { overlap: 60 } });
    await env.admin.post(secretsOf(clientId), { body: { overlap: 3600 } });
    env.clock.advance(61);
    expect(await waysTaken(clientId, clientSecret)).toEqual([401, 401, 401]);
  });

  it('leaves ten at most, each of which costs a hash when a wrong one is presented', async () => {
    const { clientId } = await env.registerClient();
    for (let live = 1; live < 10; live += 1)
      expect((await env.admin.post(secretsOf(clientId), { body: { overlap: 60 } })).status).toBe(201);
    const { status, body } = await env.admin.post(secretsOf(clientId), { body: { overlap: 60 } });
    expect([status, body.errors[0].field]).toEqual([409, 'overlap']);
    expect((await env.admin.post(secretsOf(clientId), { body: {} })).status).toBe(201);
  });

  it.each([
    ['overlap', -1],
    ['overlap', 1.5],
    ['overlap', '60'],
    ['overlap', null],
    ['overlap', 31_536_001],
    ['client_secret', 'short'],
    ['ttl', 5],
  ])('refuses %s %j', async (field, value) => {
    const { clientId } = await env.registerClient();
    const { status, body } = await env.admin.post(secretsOf(clientId), { body: { [field]: value } });
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });

  it('happens one after the other', async () => {
    const { clientId } = await env.registerClient();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => env.admin.post(secretsOf(clientId), { body: {} })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    const { body } = await env.admin.get(secretsOf(clientId));
    const live = body.items.filter(({ expires_at }: any) => expires_at === null);
    expect(live).toHaveLength(1);
    const [last] = live;
    const winner = answers.find(({ body: { id } }) => id === last.id)!.body.client_secret;
    expect(await waysTaken(clientId, winner)).toEqual([200, 200, 200]);
  });
});

describe('the secrets of a client', () => {
  it('are listed without the secrets, with their last use', async () => {
    const { clientId, clientSecret } = await env.registerClient();
    const used = await eventually(async () => {
      const { body, text } = await env.admin.get(secretsOf(clientId));
      expect(text).not.toContain(clientSecret);
      expect(Object.keys(body.items[0]).sort()).toEqual(['created_at', 'expires_at', 'id', 'last_used_at']);
      return body.items[0].last_used_at;
    });
    expect(Math.abs(Date.parse(used) - Date.now())).toBeLessThan(10_000);
  });

  it('have a last use each', async () => {
    const { clientId, clientSecret } = await env.registerClient();
    await env.admin.post(secretsOf(clientId), { body: { overlap: 3600 } });
    env.clock.advance(60);
    await env.token(clientId, clientSecret);
    const lastUses = await eventually(async () => {
      const { body } = await env.admin.get(secretsOf(clientId));
      const [unused, used] = body.items.map(({ last_used_at }: any) => last_used_at);
      return used && Date.parse(used) - Date.parse(body.items[1].created_at) > 50_000 && [unused];
    });
    expect(lastUses).toEqual([null]);
  });

  it('are deleted one by one', async () => {
    const { clientId, clientSecret } = await env.registerClient();
    const { body } = await env.admin.post(secretsOf(clientId), { body: { overlap: 600 } });
    const path = `${secretsOf(clientId)}/${body.id}`;
    expect((await env.admin.delete(path)).status).toBe(204);
    expect(await waysTaken(clientId, body.client_secret)).toEqual([401, 401, 401]);
    expect(await waysTaken(clientId, clientSecret)).toEqual([200, 200, 200]);
    expect((await env.admin.delete(path)).status).toBe(404);
    const [event] = await auditEvents(env, 'client_secret.deleted', `&client_id=${clientId}`);
    expect(event.detail).toEqual({ secret_id: body.id });
  });

  it('are deleted by their own client’s path alone', async () => {
    const [a, b] = [await env.registerClient(), await env.registerClient()];
    const { body } = await env.admin.get(secretsOf(a.clientId));
    expect((await env.admin.delete(`${secretsOf(b.clientId)}/${body.items[0].id}`)).status).toBe(404);
    const { status, body: refusal } = await env.admin.delete(`${secretsOf(a.clientId)}/nonsense`);
    expect([status, refusal.errors[0].field]).toEqual([400, 'id']);
    expect(await waysTaken(a.clientId, a.clientSecret)).toEqual([200, 200, 200]);
  });
});
