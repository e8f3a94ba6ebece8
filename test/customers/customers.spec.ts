import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { auditEvents, countOf } from '../support/audit-events.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';

const CUSTOMERS = '/api/v1/customers';
const ADMINISTRATORS = [
  'audit:read',
  'clients:read',
  'clients:write',
  'inventory:write',
  'metrics:read',
  'onegini_api_admin',
  'onegini_api_token_introspection',
  'scopes:read',
  'scopes:write',
  'tokens:introspect',
  'tokens:read',
  'tokens:write',
];

let env: TestEnvironment;
beforeAll(async () => {
  env = await createTestEnvironment();
});
afterAll(() => env.close());

async function add(customer_id = unique('customer')) {
  const answer = await env.admin.post(CUSTOMERS, { body: { customer_id, name: `Name of ${customer_id}` } });
  expect(answer.status).toBe(201);
  const [administrator, services] = answer.body.default_clients;
  const api = (one: { client_id: string; client_secret: string }) =>
    ApiClient.basic(env.url, one.client_id, one.client_secret);
  return { id: customer_id, answer, administrator, services, api };
}

async function removeClients({ id }: { id: string }): Promise<void> {
  const { body } = await env.admin.get(`/api/v1/clients?customer_id=${id}`);
  for (const { client_id } of body.items) await env.admin.delete(`/api/v1/clients/${client_id}`);
}

describe('adding a customer', () => {
  it('answers it, kept by nobody, and records who did it', async () => {
    const { id, answer } = await add();
    expect(answer.body).toMatchObject({ customer_id: id, name: `Name of ${id}` });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('location')).toBe(`${CUSTOMERS}/${id}`);
    const read = await env.admin.get(`${CUSTOMERS}/${id}`);
    const { default_clients, ...customer } = answer.body;
    expect(read.body).toEqual(customer);
    expect(read.headers.get('etag')).toBe(answer.headers.get('etag'));
    const [event] = await auditEvents(env, 'customer.created');
    expect(event).toMatchObject({
      customer_id: id,
      actor: { kind: 'client', id: 'test-admin' },
      detail: { name: `Name of ${id}` },
    });
    expect(JSON.stringify(event)).not.toContain(default_clients[0].client_secret);
  });

  it('gives it two clients that work, with the scopes of a further customer and no more', async () => {
    const { id, answer, administrator, services, api } = await add();
    expect(answer.body.default_clients.map(({ name }: any) => name)).toEqual([
      'Default Client Credential',
      'mo-ssh-microservice-communication-key',
    ]);
    const seen = async (clientId: string) => (await env.admin.get(`/api/v1/clients/${clientId}`)).body;
    const first = await seen(administrator.client_id);
    expect(first.customer_id).toBe(id);
    expect([...first.scopes].sort()).toEqual(ADMINISTRATORS);
    expect((await seen(services.client_id)).scopes).toEqual(['tokens:introspect', 'inventory:write']);
    expect((await api(administrator).get('/api/v1/clients')).status).toBe(200);
    expect(await env.token(services.client_id, services.client_secret)).toMatch(/^pst_/);
  });

  it.each(['.', '..', 'a b', 'a/b', '', 'a'.repeat(65)])('is 400 for %j, which is no id', async (id) => {
    const { status, body } = await env.admin.post('/api/v1/customers', {
      body: { customer_id: id, name: 'Nobody' },
    });
    expect([status, body.errors?.[0]?.field]).toEqual([400, 'customer_id']);
  });

  it('is 409 for an id that is taken, and makes nothing', async () => {
    const { id } = await add();
    const before = await countOf(env, 'client.created');
    const { status, body } = await env.admin.post(CUSTOMERS, { body: { customer_id: id, name: 'again' } });
    expect([status, body.errors[0].field]).toEqual([409, 'customer_id']);
    expect(await countOf(env, 'client.created')).toBe(before);
  });

  it('makes one of many that ask for the same id at once', async () => {
    const body = { customer_id: unique('race'), name: 'x' };
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => env.admin.post(CUSTOMERS, { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it.each([
    [{ name: 'x' }, 'customer_id'],
    [{ customer_id: '', name: 'x' }, 'customer_id'],
    [{ customer_id: 'a b', name: 'x' }, 'customer_id'],
    [{ customer_id: 'x'.repeat(65), name: 'x' }, 'customer_id'],
    [{ customer_id: 5, name: 'x' }, 'customer_id'],
    [{ customer_id: 'ok' }, 'name'],
    [{ customer_id: 'ok', name: '  ' }, 'name'],
    [{ customer_id: 'ok', name: 'x'.repeat(201) }, 'name'],
    [{ customer_id: 'ok', name: null }, 'name'],
    [{ customer_id: 'ok', name: 'x', version: 7 }, 'version'],
  ])('refuses %j, and names the field', async (body, field) => {
    const answer = await env.admin.post(CUSTOMERS, { body });
    expect([answer.status, answer.body.errors?.[0].field]).toEqual([400, field]);
  });
});

describe('nobody gives a customer more than he has', () => {
  it('a caller who lacks what its administrator would hold is refused, and nothing is made', async () => {
    const { api } = await env.registerClient({
      scopes: ['customers:read', 'customers:write', 'clients:write'],
    });
    const customer_id = unique('refused');
    const { status, body } = await api.post(CUSTOMERS, { body: { customer_id, name: 'x' } });
    expect(status).toBe(403);
    expect(body.detail).toContain('tokens:write');
    expect((await env.admin.get(`${CUSTOMERS}/${customer_id}`)).status).toBe(404);
    const [event] = await auditEvents(env, 'access_token.scope_denied');
    expect(event).toMatchObject({ path: CUSTOMERS, outcome: 'failure' });
  });

  it.each([
    ['GET', ''],
    ['POST', ''],
    ['GET', '/10001'],
    ['PATCH', '/10001'],
    ['DELETE', '/10001'],
  ])('%s %s without its scope is 403', async (method, path) => {
    const other = method === 'GET' ? 'customers:write' : 'customers:read';
    const { api } = await env.registerClient({ scopes: [other] });
    const body = method === 'POST' || method === 'PATCH' ? { name: 'x' } : undefined;
    expect((await api.request(method, CUSTOMERS + path, { body })).status).toBe(403);
  });

  it('its administrator sees his own customer alone, and no customers', async () => {
    const { id, administrator, services, api } = await add();
    const own = api(administrator);
    const { body } = await own.get('/api/v1/clients?count=true');
    expect(body.total).toBe(2);
    expect(body.items.map(({ client_id }: any) => client_id).sort()).toEqual(
      [administrator.client_id, services.client_id].sort(),
    );
    expect((await own.get('/api/v1/clients/test-admin')).status).toBe(404);
    expect((await own.get(CUSTOMERS)).status).toBe(403);
    const events = await own.get('/api/v1/audit-events');
    expect(new Set(events.body.items.map(({ customer_id }: any) => customer_id))).toEqual(new Set([id]));
    const reach = await own.post('/api/v1/clients', { body: { name: 'x', customer_id: env.customerId } });
    expect([reach.status, reach.body.errors[0].field]).toEqual([400, 'customer_id']);
    const more = await own.post('/api/v1/clients', { body: { name: 'x', scopes: ['customers:read'] } });
    expect(more.status).toBe(403);
  });
});

describe('the list of customers', () => {
  it('is filtered, sorted, counted and paged', async () => {
    const stem = unique('list');
    for (const letter of ['b', 'a', 'c']) await add(`${stem}-${letter}`);
    const ids = async (query: string) => {
      const { body } = await env.admin.get(`${CUSTOMERS}?${query}`);
      return body.items.map(({ customer_id }: any) => customer_id.slice(stem.length + 1));
    };
    expect(await ids(`customer_id=${stem}`)).toEqual(['a', 'b', 'c']);
    expect(await ids(`search=${stem.toUpperCase()}&sort=-name`)).toEqual(['c', 'b', 'a']);
    expect(await ids(`name=Name of ${stem}&sort=created_at`)).toHaveLength(3);
    const page = await env.admin.get(`${CUSTOMERS}?search=${stem}&limit=2&count=true`);
    expect([page.body.items.length, page.body.total]).toEqual([2, 3]);
    expect(await ids(`search=${stem}&limit=2&cursor=${page.body.next_cursor}`)).toEqual(['c']);
    expect((await env.admin.get(`${CUSTOMERS}?active=true`)).status).toBe(400);
  });
});

describe('renaming a customer', () => {
  it('changes its name and its entity tag; a stale one is 412', async () => {
    const { id, answer } = await add();
    const stale = answer.headers.get('etag')!;
    const path = `${CUSTOMERS}/${id}`;
    env.clock.advance(1);
    const changed = await env.admin.patch(path, { body: { name: 'New' }, headers: { 'if-match': stale } });
    expect([changed.status, changed.body.name]).toEqual([200, 'New']);
    expect(Date.parse(changed.body.updated_at)).toBeGreaterThan(Date.parse(changed.body.created_at));
    expect(changed.headers.get('etag')).not.toBe(stale);
    const again = await env.admin.patch(path, { body: { name: 'Other' }, headers: { 'if-match': stale } });
    expect(again.status).toBe(412);
    const gone = await env.admin.delete(path, { headers: { 'if-match': stale } });
    expect(gone.status).toBe(412);
    expect((await env.admin.get(path)).body.name).toBe('New');
    const [event] = await auditEvents(env, 'customer.updated');
    expect(event).toMatchObject({ customer_id: id, detail: { fields: ['name'] } });
  });

  it('leaves the id what it is', async () => {
    const { status, body } = await env.admin.patch(`${CUSTOMERS}/10001`, {
      body: { customer_id: 'other', name: 'x' },
    });
    expect([status, body.errors[0].field]).toEqual([400, 'customer_id']);
  });

  it.each(['nobody', 'no%20body'])('is refused for %s, who is nobody', async (id) => {
    const status = id === 'nobody' ? 404 : 400;
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { name: 'x' } : undefined;
      expect((await env.admin.request(method, `${CUSTOMERS}/${id}`, { body })).status).toBe(status);
    }
  });
});

describe('removing a customer', () => {
  it('is 409 while it has clients; then it is gone, on record, and its id is free', async () => {
    const customer = await add();
    const path = `${CUSTOMERS}/${customer.id}`;
    const refused = await env.admin.delete(path);
    expect([refused.status, refused.body.detail]).toEqual([409, 'customer_id still has clients']);
    await removeClients(customer);
    expect((await env.admin.delete(path)).status).toBe(204);
    expect((await env.admin.get(path)).status).toBe(404);
    const [event] = await auditEvents(env, 'customer.deleted');
    expect(event).toMatchObject({ customer_id: customer.id, detail: { name: `Name of ${customer.id}` } });
    expect((await add(customer.id)).answer.headers.get('etag')).not.toBe(customer.answer.headers.get('etag'));
  });

  it.each([
    [
      'device groups',
      `INSERT INTO device_groups (customer_id, id, name, updated_at) VALUES ($1, 'g1', 'g', now())`,
    ],
    [
      'scopes',
      `INSERT INTO scopes (id, customer_id, name, description, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, 'own', '', now(), now())`,
    ],
    [
      'operators',
      `INSERT INTO operators (id, customer_id, username, role, active, password_hash, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, $1, 'user', true, '', now(), now())`,
    ],
  ])('is 409 while it has %s, and they stay', async (what, sql) => {
    const customer = await add();
    await removeClients(customer);
    await env.database.query(sql, [customer.id]);
    const { status, body } = await env.admin.delete(`${CUSTOMERS}/${customer.id}`);
    expect([status, body.detail]).toEqual([409, `customer_id still has ${what}`]);
    const table = what.replace(' ', '_');
    const { rowCount } = await env.database.query(`SELECT 1 FROM ${table} WHERE customer_id = $1`, [
      customer.id,
    ]);
    expect(rowCount).toBe(1);
  });

  it('is 409 for the customer of the caller himself', async () => {
    expect((await env.admin.delete(`${CUSTOMERS}/${env.customerId}`)).status).toBe(409);
  });
});
