import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const FIELDS = [
  'id',
  'at',
  'type',
  'outcome',
  'actor',
  'client_id',
  'token_id',
  'customer_id',
  'ip',
  'user_agent',
  'request_id',
  'method',
  'path',
  'detail',
  'writer',
  'sequence',
  'hash',
  'previous_hash',
];

describe('an audit event', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment();
  });
  afterAll(() => env.close());

  async function latest(query: string) {
    const { body } = await env.admin.get(`/api/v1/audit-events?limit=1&${query}`);
    return body.items[0];
  }

  it('tells of a change: who, what, from where, by which request', async () => {
    const { headers, body: client } = await env.admin.post('/api/v1/clients', {
      body: { name: 'told', scopes: ['users:read'] },
      headers: { 'user-agent': 'a-script/1.0' },
    });
    expect(headers.get('location')).toContain(client.client_id);
    const event = await latest(`client_id=${client.client_id}`);
    expect(Object.keys(event)).toEqual(FIELDS);
    expect(event).toMatchObject({
      type: 'client.created',
      outcome: 'success',
      actor: { kind: 'client', id: env.adminCredentials.clientId },
      client_id: client.client_id,
      token_id: null,
      customer_id: env.customerId,
      ip: '127.0.0.1',
      user_agent: 'a-script/1.0',
      request_id: expect.any(String),
      method: 'POST',
      path: '/api/v1/clients',
      detail: { name: 'told', scopes: ['users:read'] },
      writer: expect.stringMatching(/^[0-9a-f-]{36}$/),
      sequence: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      previous_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(event.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('tells of a refusal, by the id of the request that was refused', async () => {
    const { status, body } = await ApiClient.basic(env.url, 'nobody', 'a wrong secret 123').get(
      '/api/v1/clients',
    );
    expect(status).toBe(401);
    const event = await latest('type=client_authentication.failed');
    expect(event).toMatchObject({
      outcome: 'failure',
      actor: { kind: 'anonymous', id: null },
      request_id: body.request_id,
      method: 'GET',
      path: '/api/v1/clients',
      detail: { reason: 'unknown_client', message: expect.any(String) },
    });
  });

  it('happens at the time that the clock says', async () => {
    env.clock.advance(90);
    const before = env.clock.now().getTime();
    const { clientId } = await env.registerClient();
    const event = await latest(`type=client.created&client_id=${clientId}`);
    expect(Date.parse(event.at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(event.at)).toBeLessThanOrEqual(env.clock.now().getTime());
  });

  it('is read by its id, as it is listed', async () => {
    await env.registerClient();
    const listed = await latest('type=client.created');
    const { status, body } = await env.admin.get(`/api/v1/audit-events/${listed.id}`);
    expect(status).toBe(200);
    expect(body).toEqual(listed);
    expect((await env.admin.get(`/api/v1/audit-events/${listed.id.toUpperCase()}`)).body).toEqual(listed);
  });

  it('is 404 where there is none', async () => {
    const { status, headers, body } = await env.admin.get(
      '/api/v1/audit-events/00000000-0000-4000-8000-000000000000',
    );
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body.code).toBe('not_found');
  });

  it('holds no secret and no token', async () => {
    const { clientId, clientSecret } = await env.registerClient();
    const token = await env.token(clientId, clientSecret);
    await ApiClient.bearer(env.url, token).get('/api/v1/clients');
    await ApiClient.basic(env.url, clientId, `${clientSecret}x`).get('/api/v1/clients');
    const { rows } = await env.database.query<{ event: string }>(
      'SELECT e::text AS event FROM audit_events e',
    );
    const all = rows.map(({ event }) => event).join('\n');
    expect(all).toContain(clientId);
    expect(all).not.toContain(clientSecret);
    expect(all).not.toContain(token);
  });
});

describe('who may read audit events', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment();
  });
  afterAll(() => env.close());

  it('a bearer token or client credentials with audit:read', async () => {
    const { clientId, clientSecret, api } = await env.registerClient({ scopes: ['audit:read'] });
    expect((await api.get('/api/v1/audit-events')).status).toBe(200);
    expect((await ApiClient.basic(env.url, clientId, clientSecret).get('/api/v1/audit-events')).status).toBe(
      200,
    );
  });

  it('nobody without the scope, and the refusal is on record', async () => {
    const { clientId, api } = await env.registerClient({ scopes: ['clients:read', 'tokens:read'] });
    for (const path of [
      '/api/v1/audit-events',
      '/api/v1/audit-events/00000000-0000-4000-8000-000000000000',
    ]) {
      const { status, headers } = await api.get(path);
      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toContain('scope="audit:read"');
      const { body } = await env.admin.get(`/api/v1/audit-events?limit=1&client_id=${clientId}`);
      expect(body.items[0]).toMatchObject({ type: 'access_token.scope_denied', path });
    }
  });

  it('nobody without credentials', async () => {
    const { status, headers } = await env.anonymous.get('/api/v1/audit-events');
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  it('nobody by any other verb', async () => {
    for (const path of [
      '/api/v1/audit-events',
      '/api/v1/audit-events/00000000-0000-4000-8000-000000000000',
    ]) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status, headers } = await env.admin.request(method, path);
        expect(status).toBe(405);
        expect(headers.get('allow')).toBe('GET, HEAD');
      }
    }
  });
});
