import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiClient, basicAuthorization } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/engine.js';
import { ServerProcess } from '../support/server-process.js';
import { until, within } from '../support/waiting.js';

const DEVICE = {
  id: 'in-flight',
  name: 'in-flight',
  address: '10.0.0.1',
  platform: 'linux',
  protocols: ['ssh'],
  ports: [22],
  group_ids: [],
  state: 'managed',
};

describe('SIGTERM', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  beforeEach(async () => {
    database = await createDatabase();
    server = await ServerProcess.start({ ...database.environment, POSTERN_SHUTDOWN_GRACE: '1' });
  });
  afterEach(async () => {
    await ServerProcess.killAll();
    await database.drop();
  });

  const authorization = () => basicAuthorization('test-admin', process.env.POSTERN_TEST_ADMIN_SECRET!);
  const admin = () => new ApiClient(server.url, authorization());

  /** An import whose headers have arrived and whose body has not. */
  async function beginImport(): Promise<ClientRequest> {
    const upload = request(`${server.url}/inventory/v1/devices`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await tokenWith(['inventory:write', 'devices:read'])}`,
        'content-type': 'application/x-ndjson',
        expect: '100-continue',
      },
    });
    upload.flushHeaders();
    await within(5_000, once(upload, 'continue'));
    return upload;
  }

  async function tokenWith(scopes: string[]): Promise<string> {
    const { body } = await admin().post('/api/v1/clients', {
      body: { name: `with ${scopes.join()}`, scopes },
    });
    const client = ApiClient.basic(server.url, body.client_id, body.client_secret);
    const response = await client.post('/oauth2/token', {
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return response.body.access_token;
  }

  async function refused(): Promise<boolean> {
    return fetch(`${server.url}/healthz`, { headers: { connection: 'close' } }).then(
      () => false,
      () => true,
    );
  }

  it('turns away first, finishes the request that is running, takes no new one, and ends with 0', async () => {
    const upload = await beginImport();
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
    server.signal('SIGTERM');
    const anonymous = new ApiClient(server.url);
    await until('it is not ready', async () => (await anonymous.get('/readyz')).status === 503, 1_000);
    const { status, headers } = await anonymous.get('/healthz');
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    await until('new connections are refused', refused, 5_000);
    upload.end(`${JSON.stringify(DEVICE)}\n`);
    const [response] = await within(5_000, answered);
    expect(response.statusCode).toBe(200);
    response.resume();
    // The connection was kept alive when the request began; the end does not wait for it to be closed.
    expect(await within(3_000, server.exited)).toEqual({ code: 0, signal: null });

    server = await ServerProcess.start(database.environment);
    const reader = ApiClient.bearer(server.url, await tokenWith(['devices:read']));
    expect((await reader.get('/pam/v1/devices/in-flight')).status).toBe(200);
  });

  it('writes what is batched: a token used just before has its last use on record', async () => {
    const token = await tokenWith(['devices:read']);
    expect((await ApiClient.bearer(server.url, token).get('/pam/v1/devices')).status).toBe(200);
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });

    server = await ServerProcess.start(database.environment);
    const { body } = await admin().get('/api/v1/tokens');
    expect(body.items).toEqual([expect.objectContaining({ last_used_at: expect.any(String) })]);
  });

  it('ends with 0 within 10 s although a request never ends', async () => {
    const upload = await beginImport();
    upload.on('error', () => {});
    const from = Date.now();
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(Date.now() - from).toBeLessThan(10_000);
  });

  it('does not mind a second signal, which npm passes on, and prints nothing but what a start prints', async () => {
    server.signal('SIGINT');
    expect(await server.kill('SIGINT')).toEqual({ code: 0, signal: null });
    expect(server.output).toMatch(/^Postern is ready on http:\/\/127\.0\.0\.1:\d+ .*\n$/);
  });
});
