import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { aDevice, anAccount, importRows } from './fixtures.js';

let env: TestEnvironment;
let api: ApiClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ api } = await env.registerClient());
});

afterAll(() => env?.close());

const add = (name: string, body: unknown) => env.admin.post(`/inventory/v1/${name}`, { body });

async function lastEvent() {
  const { body } = await env.admin.get('/api/v1/audit-events?type=inventory.imported&limit=1');
  return body.items[0];
}

describe('adding a row', () => {
  it('stores it, answers it as the read API does, and is on record', async () => {
    const { status, body, headers } = await add('devices', aDevice('rack 4/a'));
    expect(status).toBe(201);
    const read = await api.get(headers.get('location')!);
    expect(read.status).toBe(200);
    expect(body).toEqual(read.body);
    expect(await lastEvent()).toMatchObject({
      method: 'POST',
      detail: { resource: 'devices', mode: 'single', created: 1, updated: 0 },
    });
  });

  it('is 409 where the id is taken, and leaves that row as it is', async () => {
    await add('devices', aDevice('taken', { zone: 'dmz' }));
    const { status, body } = await add('devices', aDevice('taken', { zone: 'core' }));
    expect([status, body.code, body.errors[0].field]).toEqual([409, 'conflict', 'id']);
    expect((await api.get('/pam/v1/devices/taken')).body.zone).toBe('dmz');
  });

  it('names every field that is wrong', async () => {
    const { status, body } = await add('devices', {
      ...aDevice('w'),
      name: '',
      ports: ['ssh'],
      colour: 'red',
    });
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'colour',
      'name',
      'ports[0]',
    ]);
  });

  it('refuses what refers to a device that is not there', async () => {
    const { status, body } = await add('accounts', anAccount('a', { device_id: 'nowhere' }));
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'device_id', message: 'refers to what is not there' }],
    ]);
  });

  it.each([
    ['a list', '[]', 'application/json', 400],
    ['a text', '"x"', 'application/json', 400],
    ['null', 'null', 'application/json', 400],
    ['no JSON', '{', 'application/json', 400],
    ['a NUL', JSON.stringify(aDevice('n', { name: 'a\u0000' })), 'application/json', 400],
    ['NDJSON', '{}', 'application/x-ndjson', 415],
    ['a form', 'id=1', 'application/x-www-form-urlencoded', 415],
    ['plain text', 'x', 'text/plain', 415],
  ])('refuses %s', async (_, body, type, expected) => {
    const answer = await env.admin.post('/inventory/v1/devices', { body, headers: { 'content-type': type } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      expected,
      expect.stringMatching(/^application\/problem\+json/),
    ]);
  });

  it('takes no parameters', async () => {
    const { status, body } = await env.admin.post('/inventory/v1/devices?partial=true', {
      body: aDevice('q'),
    });
    expect([status, body.errors[0].field]).toEqual([400, 'partial']);
  });
});

describe('removing a row', () => {
  it('removes it once, and is on record', async () => {
    await importRows(env.admin, 'devices', [aDevice('old')]);
    const { status, text } = await env.admin.delete('/inventory/v1/devices/old');
    expect([status, text]).toEqual([204, '']);
    expect((await api.get('/pam/v1/devices/old')).status).toBe(404);
    expect((await env.admin.delete('/inventory/v1/devices/old')).status).toBe(404);
    expect(await lastEvent()).toMatchObject({
      method: 'DELETE',
      path: '/inventory/v1/devices/old',
      detail: { resource: 'devices', mode: 'delete', deleted: 1 },
    });
  });

  it('is 409 for a device that accounts refer to', async () => {
    await importRows(env.admin, 'devices', [aDevice('used')]);
    await importRows(env.admin, 'accounts', [anAccount('user of it', { device_id: 'used' })]);
    const { status, body } = await env.admin.delete('/inventory/v1/devices/used');
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect((await env.admin.delete('/inventory/v1/accounts/user%20of%20it')).status).toBe(204);
    expect((await env.admin.delete('/inventory/v1/devices/used')).status).toBe(204);
  });

  it('refuses an id that no row can have', async () => {
    for (const id of ['a%00', 'a'.repeat(257)]) {
      const { status, body } = await env.admin.delete(`/inventory/v1/devices/${id}`);
      expect([status, body.errors[0].field]).toEqual([400, 'id']);
    }
  });

  it('needs inventory:write', async () => {
    expect((await api.delete('/inventory/v1/devices/used')).status).toBe(403);
    expect((await env.anonymous.delete('/inventory/v1/devices/used')).status).toBe(401);
  });
});
