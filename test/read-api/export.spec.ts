import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDevice, importRows, openRequest, readAll } from '../inventory/fixtures.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

const NDJSON = { accept: 'application/x-ndjson' };
const DEVICES = 5_500;
/** So wide that the export does not fit into what sockets buffer: its end waits for the reader. */
const WIDE = Array.from({ length: 130 }, (_, index) => `${index} ${'x'.repeat(28)}`);

let env: TestEnvironment;

beforeAll(async () => {
  env = await createTestEnvironment();
  for (let from = 0; from < DEVICES; from += 500) {
    const rows = Array.from({ length: 500 }, (_, index) =>
      aDevice(`d${String(from + index).padStart(5, '0')}`, {
        protocols: WIDE,
        zone: index % 2 === 0 ? null : `zone ${index % 5}`,
      }),
    );
    await importRows(env.admin, 'devices', rows);
  }
});

afterAll(() => env?.close());

describe('a whole export', () => {
  it('streams every row as NDJSON, filtered, sorted and narrowed like a page', async () => {
    const { api } = await env.registerClient();
    const { status, headers, text } = await api.get('/pam/v1/devices?fields=id,zone&sort=-zone', {
      headers: NDJSON,
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; zone: string | null });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(DEVICES);
    expect(rows[0]!.zone).toBe('zone 4');
    expect(rows.at(-1)!.zone).toBeNull();
    const some = await api.get('/pam/v1/devices?zone=zone%203&fields=id', { headers: NDJSON });
    expect(some.text.trimEnd().split('\n')).toHaveLength(DEVICES / 10);
  });

  it('can be imported again, and changes nothing', async () => {
    const { api } = await env.registerClient();
    const { text } = await api.get('/pam/v1/devices?id=d00001', { headers: NDJSON });
    const { body } = await env.admin.put('/inventory/v1/devices', {
      body: text,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(body).toEqual({ created: 0, updated: 0, unchanged: 1, rejected: 0, errors: [] });
  });

  it('that began before its token expired runs to its end; the next call is refused and on record', async () => {
    const { clientId, clientSecret } = await env.registerClient({ access_token_ttl: 60 });
    const authorization = `Bearer ${await env.token(clientId, clientSecret)}`;
    const { sent, response } = openRequest(`${env.url}/pam/v1/devices`, {
      headers: { ...NDJSON, authorization },
    });
    sent.end();
    const exported = await response;
    expect(exported.statusCode).toBe(200);
    exported.pause();

    env.clock.advance(61);
    const next = await env.anonymous.get('/pam/v1/devices', { headers: { authorization } });
    expect(next.status).toBe(401);
    expect(next.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(next.headers.get('www-authenticate')).toContain('The access token expired');
    expect(exported.complete).toBe(false);

    const lines = (await readAll(exported)).trimEnd().split('\n');
    expect(exported.complete).toBe(true);
    expect(lines).toHaveLength(DEVICES);
    expect(JSON.parse(lines.at(-1)!).id).toBe('d05499');

    const events = await env.admin.get('/api/v1/audit-events?type=access_token.expired_use');
    expect(events.body.items).toEqual([
      expect.objectContaining({
        outcome: 'failure',
        client_id: clientId,
        token_id: expect.any(String),
        method: 'GET',
        path: '/pam/v1/devices',
        ip: '127.0.0.1',
        detail: expect.objectContaining({ expired_at: expect.any(String) }),
      }),
    ]);
  });
});
