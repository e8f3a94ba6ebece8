import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDevice, importRows, openRequest, readAll } from '../inventory/fixtures.js';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { resources } from '../support/postern.js';

let env: TestEnvironment;

beforeAll(async () => {
  env = await createTestEnvironment();
  await importRows(env.admin, 'devices', [aDevice('d1', { name: 'ours' })]);
});

afterAll(() => env?.close());

const PATHS = resources.flatMap(({ name }) => [`/pam/v1/${name}`, `/pam/v1/${name}/d1`]);

describe('the read API reads, and does nothing else', () => {
  it.each(
    PATHS.flatMap((path) =>
      ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'].map((method) => [method, path] as const),
    ),
  )('%s %s is 405 and names what is allowed', async (method, path) => {
    const { sent, response } = openRequest(env.url + path, { method });
    sent.end();
    const { statusCode, headers } = await response;
    const body = JSON.parse(await readAll(await response));
    expect([statusCode, headers.allow, body.code]).toEqual([405, 'GET, HEAD', 'method_not_allowed']);
  });
});

describe('the read API is for bearers of a token with the resource’s scope', () => {
  it.each(PATHS)('%s is closed without one', async (path) => {
    const { status, headers } = await env.anonymous.get(path);
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it.each(PATHS)('%s does not take a client’s Basic credentials', async (path) => {
    expect((await env.admin.get(path)).status).toBe(401);
  });

  it('names the scope that is missing, and puts it on record', async () => {
    const { api, clientId } = await env.registerClient({ scopes: ['users:read', 'accounts:read'] });
    const { status, headers, body } = await api.get('/pam/v1/devices');
    expect([status, body.code]).toEqual([403, 'insufficient_scope']);
    expect(headers.get('www-authenticate')).toContain('scope="devices:read"');
    const events = await env.admin.get(
      `/api/v1/audit-events?type=access_token.scope_denied&client_id=${clientId}`,
    );
    expect(events.body.items).toHaveLength(1);
    expect(events.body.items[0].detail.required).toBe('devices:read');
    expect((await api.get('/pam/v1/users')).status).toBe(200);
  });
});

describe('customers', () => {
  it('see their own rows alone, under the same ids, even with customers:read', async () => {
    const otherAdmin = await env.addCustomer('20002');
    await importRows(otherAdmin, 'devices', [
      aDevice('d1', { name: 'theirs' }),
      aDevice('d2', { name: 'theirs too' }),
    ]);
    const registered = await otherAdmin.post('/api/v1/clients', { body: { name: 'reader' } });
    const { client_id: clientId, client_secret: clientSecret } = registered.body;
    const other = ApiClient.bearer(env.url, await env.token(clientId, clientSecret));
    const { api: ours } = await env.registerClient({ scopes: ['devices:read', 'customers:read'] });

    const names = async (api: ApiClient) =>
      (await api.get('/pam/v1/devices')).body.items.map(({ name }: { name: string }) => name);
    expect(await names(ours)).toEqual(['ours']);
    expect(await names(other)).toEqual(['theirs', 'theirs too']);
    expect((await ours.get('/pam/v1/devices/d1')).body.name).toBe('ours');
    expect((await ours.get('/pam/v1/devices/d2')).status).toBe(404);
    const exported = await ours.get('/pam/v1/devices', { headers: { accept: 'application/x-ndjson' } });
    expect(exported.text.trim().split('\n')).toHaveLength(1);
    expect((await env.admin.delete('/inventory/v1/devices/d2')).status).toBe(404);
  });
});
