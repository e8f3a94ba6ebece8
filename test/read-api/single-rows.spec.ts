import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDevice, importRows } from '../inventory/fixtures.js';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

let env: TestEnvironment;
let api: ApiClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ api } = await env.registerClient());
  await importRows(env.admin, 'devices', [aDevice('d1'), aDevice('site/7 ü')]);
});

afterAll(() => env?.close());

describe('a single row', () => {
  it('is read by its id, however that has to be escaped', async () => {
    const { status, body } = await api.get(`/pam/v1/devices/${encodeURIComponent('site/7 ü')}`);
    expect(status).toBe(200);
    expect(body).toEqual({ ...aDevice('site/7 ü'), updated_at: expect.any(String) });
  });

  it('answers the chosen fields alone', async () => {
    const { body } = await api.get('/pam/v1/devices/d1?fields=state,id');
    expect(body).toEqual({ state: 'managed', id: 'd1' });
  });

  it('carries an ETag, and is 304 for who has it already', async () => {
    const first = await api.get('/pam/v1/devices/d1');
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^W\/"[\w-]+"$/);
    for (const ifNoneMatch of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      const again = await api.get('/pam/v1/devices/d1', { headers: { 'if-none-match': ifNoneMatch } });
      expect([ifNoneMatch, again.status, again.text]).toEqual([ifNoneMatch, 304, '']);
      expect(again.headers.get('etag')).toBe(etag);
    }
    const other = await api.get('/pam/v1/devices/d1', { headers: { 'if-none-match': '"other"' } });
    expect(other.status).toBe(200);
  });

  it('has another ETag once it has changed', async () => {
    const before = (await api.get('/pam/v1/devices/d1')).headers.get('etag')!;
    await importRows(env.admin, 'devices', [aDevice('d1', { state: 'maintenance' })]);
    const after = await api.get('/pam/v1/devices/d1', { headers: { 'if-none-match': before } });
    expect(after.status).toBe(200);
    expect(after.body.state).toBe('maintenance');
    expect(after.headers.get('etag')).not.toBe(before);
  });

  it('is read by the longest id that there can be', async () => {
    const id = '\u{1F512}'.repeat(256);
    await importRows(env.admin, 'devices', [aDevice(id, { name: 'long' })]);
    const path = encodeURIComponent(id);
    expect((await api.get(`/pam/v1/devices/${path}`)).body.id).toBe(id);
    expect((await env.admin.delete(`/inventory/v1/devices/${path}`)).status).toBe(204);
  });

  it('answers HEAD with the headers of GET alone', async () => {
    const got = await api.get('/pam/v1/devices/d1');
    const head = await api.request('HEAD', '/pam/v1/devices/d1');
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', got.headers.get('etag')]);
  });

  it('is 404 where there is none', async () => {
    const { status, body } = await api.get('/pam/v1/devices/d99');
    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  it.each([
    ['a NUL', 'd%001', 'id'],
    ['more than 256 characters', 'd'.repeat(257), 'id'],
    ['an unknown parameter', 'd1?limit=1', 'limit'],
    ['a repeated parameter', 'd1?fields=id&fields=name', 'fields'],
    ['an unknown field', 'd1?fields=customer_id', 'fields'],
  ])('refuses %s by name', async (_, path, field) => {
    const { status, body } = await api.get(`/pam/v1/devices/${path}`);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
  });

  it('refuses a path that is not valid percent-encoded UTF-8', async () => {
    for (const id of ['%ff', '%zz', '%']) {
      const { status, body } = await api.get(`/pam/v1/devices/${id}`);
      expect([id, status, body.code]).toEqual([id, 400, 'invalid_request']);
    }
  });
});
