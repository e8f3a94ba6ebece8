import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningServer } from '../../apps/server/server.js';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { Configuration, startServer } from '../support/postern.js';

const CLIENTS = '/api/v1/clients';
const BUILT_IN = ['postern-swagger-ui', 'postern-console'];

describe.each(BUILT_IN)('the built-in client %s', (clientId) => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment();
  });
  afterAll(() => env.close());

  it('is in no list, count or search', async () => {
    for (const query of ['', '&search=postern', '&name=swagger', '&scope=clients:read', '&page=1']) {
      const { body, text } = await env.admin.get(`${CLIENTS}?count=true&limit=1000${query}`);
      expect(text).not.toContain(clientId);
      expect(body.total).toBe(body.items.length);
    }
    const { text } = await env.admin.get(CLIENTS, { headers: { accept: 'application/x-ndjson' } });
    expect(text).not.toContain(clientId);
  });

  it.each([
    ['GET', '', undefined],
    ['PATCH', '', { active: false }],
    ['DELETE', '', undefined],
    ['GET', '/secrets', undefined],
    ['POST', '/secrets', {}],
    ['DELETE', '/secrets/019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f', undefined],
    ['GET', '/tokens', undefined],
    ['POST', '/tokens', { expires_in: 60 }],
    ['DELETE', '/tokens', undefined],
  ])('is 404 for everybody: %s %s', async (method, path, body) => {
    const answer = await env.admin.request(method, `${CLIENTS}/${clientId}${path}`, { body });
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });

  it('keeps its id to itself, and leaves its name to whoever wants it', async () => {
    const taken = await env.admin.post(CLIENTS, { body: { name: 'x', client_id: clientId } });
    expect([taken.status, taken.body.errors[0].field]).toEqual([409, 'client_id']);
    const { rows } = await env.database.query<{ name: string }>(
      'SELECT name FROM clients WHERE client_id = $1',
      [clientId],
    );
    const named = await env.admin.post(CLIENTS, { body: { name: rows[0]!.name } });
    expect(named.status).toBe(201);
    const again = await env.admin.post(CLIENTS, { body: { name: rows[0]!.name } });
    expect([again.status, again.body.errors[0].field]).toEqual([409, 'name']);
  });

  it('gets no token by itself', async () => {
    const ask = (fields: Record<string, string>, authorization = {}) =>
      env.anonymous.post('/oauth2/token', {
        body: new URLSearchParams({ grant_type: 'client_credentials', ...fields }),
        headers: authorization,
      });
    const basic = (secret: string) => ({
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
    });
    expect((await ask({}, basic(''))).status).toBe(401);
    expect((await ask({}, basic('a secret of some length'))).status).toBe(401);
    expect((await ask({ client_id: clientId })).body.access_token).toBeUndefined();
    expect((await ask({ client_id: clientId, client_secret: 'x' })).body.access_token).toBeUndefined();
  });
});

describe('a database from before', () => {
  let database: TestDatabase;
  let server: RunningServer | undefined;
  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(async () => {
    await server?.close();
    await database.drop();
  });

  const start = async () => {
    const output = { write: () => true } as unknown as NodeJS.WriteStream;
    const variables = { PORT: '0', LOG_LEVEL: 'error', POSTERN_DEFAULT_CUSTOMER: 'since' };
    server = await startServer(Configuration.from({ ...variables, ...database.environment }), { output });
    return server.database;
  };

  it('gets them at the next start, whatever its own clients are called, and newer scopes at a later one', async () => {
    let sql = await start();
    const secret = process.env.POSTERN_TEST_ADMIN_SECRET!;
    const admin = ApiClient.basic(server!.url, 'test-admin', secret);
    await sql.query('DELETE FROM clients WHERE built_in');
    for (const body of [{ name: 'Swagger UI' }, { name: 'Mine', client_id: 'postern-console' }])
      expect((await admin.post(CLIENTS, { body })).status).toBe(201);
    await server!.close();

    sql = await start();
    const builtIn = 'SELECT client_id, customer_id, scopes, version FROM clients WHERE built_in';
    const { rows } = await sql.query<any>(builtIn);
    expect(rows).toEqual([
      expect.objectContaining({ client_id: 'postern-swagger-ui', customer_id: '10001' }),
    ]);
    expect(rows[0].scopes).toEqual(
      expect.arrayContaining(['users:read', 'operators:write', 'credentials:reveal']),
    );
    const mine = ApiClient.basic(server!.url, 'test-admin', secret);
    expect((await mine.get(`${CLIENTS}/postern-console`)).body.name).toBe('Mine');
    await sql.query(`UPDATE clients SET scopes = '{users:read}' WHERE built_in`);
    await server!.close();

    sql = await start();
    expect((await sql.query<any>(builtIn)).rows[0].scopes).toEqual(rows[0].scopes);
    await server!.close();

    sql = await start();
    expect((await sql.query<any>(builtIn)).rows[0].version).toBe(rows[0].version + 1);
  });
});
