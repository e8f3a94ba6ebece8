import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../support/api-client.js';
import { auditEvents } from '../support/audit-events.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';

let env: TestEnvironment;
let neighbour: ApiClient;
beforeAll(async () => {
  env = await createTestEnvironment();
  neighbour = await env.addCustomer('scopes-2');
});
afterAll(() => env.close());

const create = (name: unknown, description: unknown = 'What it is for.') =>
  env.admin.post('/api/v1/scopes', { body: { name, description } });

describe('the catalogue of scopes', () => {
  it('holds the built-in ones', async () => {
    const { body } = await env.admin.get('/api/v1/scopes?built_in=true&limit=1000&count=true');
    const names = body.items.map(({ name }: any) => name);
    expect(body.total).toBe(9 + 17 + 8);
    for (const name of ['devices:read', 'credentials:reveal', 'onegini_api_admin', 'onegini_api_insights'])
      expect(names).toContain(name);
    expect(body.items[0]).toMatchObject({
      built_in: true,
      customer_id: null,
      description: expect.any(String),
    });
  });

  it('is added to, and a client can have what was added', async () => {
    const name = unique('cost-centres:read');
    const { status, body } = await create(name);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name,
      description: 'What it is for.',
      built_in: false,
      customer_id: '10001',
    });
    const { clientId, clientSecret } = await env.registerClient({ scopes: [name] });
    const { body: token } = await env.anonymous.post('/oauth2/token', {
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    expect(token.scope).toBe(name);
    expect((await create(name)).status).toBe(409);
    expect((await auditEvents(env, 'scope.created'))[0].detail).toEqual({ name });
  });

  it('is each customer’s own', async () => {
    const name = unique('own');
    await create(name);
    expect((await neighbour.get(`/api/v1/scopes?name=${name}&count=true`)).body.total).toBe(0);
    const asked = await neighbour.post('/api/v1/clients', { body: { name, scopes: [name] } });
    expect([asked.status, asked.body.errors[0].field]).toEqual([400, 'scopes[0]']);
    expect((await neighbour.delete(`/api/v1/scopes/${name}`)).status).toBe(404);
    expect((await neighbour.patch(`/api/v1/scopes/${name}`, { body: { description: 'x' } })).status).toBe(
      404,
    );
    const same = await neighbour.post('/api/v1/scopes', { body: { name, description: 'ours' } });
    expect([same.status, same.body.customer_id]).toEqual([201, 'scopes-2']);
  });

  it.each(['a b', 'a"b', 'a\\b', 'ä', '', 'a\tb', 'x'.repeat(101), 5, null])(
    'does not take the name %j',
    async (name) => {
      const { status, body } = await create(name);
      expect([status, body.errors[0].field]).toEqual([400, 'name']);
    },
  );

  it.each(['!', "it's/a?strange#name%41", '[x]{y}', 'constructor', '__proto__'])(
    'takes the name %s, finds it and removes it',
    async (name) => {
      expect((await create(name)).status).toBe(201);
      const path = `/api/v1/scopes/${encodeURIComponent(name)}`;
      const { status, body } = await env.admin.patch(path, { body: { description: 'Else.' } });
      expect([status, body.name, body.description]).toEqual([200, name, 'Else.']);
      expect(
        (await env.admin.get(`/api/v1/scopes?name=${encodeURIComponent(name)}`)).body.items,
      ).toHaveLength(1);
      expect((await env.admin.delete(path)).status).toBe(204);
      expect((await env.admin.delete(path)).status).toBe(404);
    },
  );

  it.each(['devices:read', 'clients:write', 'onegini_api_admin', 'onegini_api_events'])(
    'does not let %s be changed, removed or made again',
    async (name) => {
      const path = `/api/v1/scopes/${name}`;
      expect((await env.admin.patch(path, { body: { description: 'x' } })).status).toBe(409);
      expect((await env.admin.delete(path)).status).toBe(409);
      expect((await create(name)).status).toBe(409);
    },
  );

  it('keeps a scope that a client has, and lets it go afterwards', async () => {
    const name = unique('used');
    await create(name);
    const { clientId } = await env.registerClient({ scopes: [name, 'devices:read'] });
    const { status, body } = await env.admin.delete(`/api/v1/scopes/${name}`);
    expect([status, body.code]).toEqual([409, 'conflict']);
    await env.admin.patch(`/api/v1/clients/${clientId}`, { body: { scopes: ['devices:read'] } });
    expect((await env.admin.delete(`/api/v1/scopes/${name}`)).status).toBe(204);
    expect((await auditEvents(env, 'scope.deleted'))[0].detail).toEqual({ name });
  });

  it('never leaves a client with a scope that is gone, whoever is faster', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = unique('race');
      await create(name);
      const [made, gone] = await Promise.all([
        env.admin.post('/api/v1/clients', { body: { name: unique('c'), scopes: [name] } }),
        env.admin.delete(`/api/v1/scopes/${name}`),
      ]);
      expect([
        [201, 409],
        [400, 204],
      ]).toContainEqual([made.status, gone.status]);
    }
  });

  it('refuses what a scope does not have, by name', async () => {
    const { status, body } = await env.admin.post('/api/v1/scopes', {
      body: { name: 'x', description: 'y', built_in: true, customer_id: 'z' },
    });
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: any) => field).sort()).toEqual(['built_in', 'customer_id']);
    const bad = await env.admin.patch('/api/v1/scopes/a%20b', { body: { description: 'x' } });
    expect([bad.status, bad.body.errors[0].field]).toEqual([400, 'name']);
  });
});
