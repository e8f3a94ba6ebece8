import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { aDevice, importRows, openRequest } from '../inventory/fixtures.js';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { resources } from '../support/postern.js';

const CSV = { accept: 'text/csv' };

let env: TestEnvironment;
let api: ApiClient;
let authorization: string;

beforeAll(async () => {
  env = await createTestEnvironment();
  const { clientId, clientSecret } = await env.registerClient();
  const token = await env.token(clientId, clientSecret);
  api = ApiClient.bearer(env.url, token);
  authorization = `Bearer ${token}`;
  await importRows(env.admin, 'devices', [
    aDevice('d1', { name: '=1+1', zone: null, ports: [22, 443], last_seen_at: null }),
    aDevice('d2', { name: 'a "quoted", name\r\nof two lines' }),
    aDevice('d3', { name: 'Ünïcode 😀', state: 'retired' }),
  ]);
  // No import stores empty text; an export writes what is there nevertheless.
  await env.database.query(`UPDATE devices SET zone = '' WHERE id = 'd2'`);
});

afterAll(() => env?.close());

describe('a whole export as CSV', () => {
  it('has a heading of all fields in their order, and every row', async () => {
    const { status, headers, text } = await api.get('/pam/v1/devices', { headers: CSV });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename="devices.csv"');
    const { body } = await api.get('/pam/v1/devices');
    const rows = parse(text, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
    expect(Object.keys(rows[0]!)).toEqual(Object.keys(body.items[0]));
    const cell = (value: unknown) =>
      value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    expect(rows).toEqual(
      body.items.map((item: object) =>
        Object.fromEntries(Object.entries(item).map(([name, value]) => [name, cell(value)])),
      ),
    );
  });

  it('writes null, empty text, times and lists so that they can be told apart', async () => {
    const fields = 'id,zone,ports,last_seen_at,name';
    const { text } = await api.get(`/pam/v1/devices?fields=${fields}&sort=-id`, { headers: CSV });
    expect(text).toBe(
      [
        fields,
        'd3,core,"[22]",2026-01-31T11:45:00.000Z,Ünïcode 😀',
        'd2,"","[22]",2026-01-31T11:45:00.000Z,"a ""quoted"", name\r\nof two lines"',
        'd1,,"[22,443]",,=1+1',
        '',
      ].join('\r\n'),
    );
  });

  it('takes filters, and is a heading alone where nothing matches', async () => {
    const some = await api.get('/pam/v1/devices?state=retired&fields=id', { headers: CSV });
    expect(some.text).toBe('id\r\nd3\r\n');
    const none = await api.get('/pam/v1/devices?id=none&fields=id,id,name', { headers: CSV });
    expect(none.text).toBe('id,name\r\n');
  });

  it.each(resources.map(({ name }) => name))('of %s begins with its fields', async (name) => {
    const { text } = await api.get(`/pam/v1/${name}`, { headers: CSV });
    const { fields } = resources.find((resource) => resource.name === name)!;
    expect(text.split('\r\n', 1)[0]).toBe(fields.map((field) => field.name).join(','));
  });

  it('refuses bad input as a problem document, before anything is streamed', async () => {
    const { status, body } = await api.get('/pam/v1/devices?state=broken', { headers: CSV });
    expect([status, body.errors[0].field]).toEqual([400, 'state']);
  });
});

describe('the media type of a list', () => {
  it.each([
    ['/pam/v1/devices', '*/*', 'application/json'],
    ['/pam/v1/devices', 'text/html, application/xml;q=0.9, */*;q=0.8', 'application/json'],
    ['/pam/v1/devices', 'text/*', 'text/csv'],
    ['/pam/v1/devices', 'text/csv;q=0.5, application/x-ndjson', 'application/x-ndjson'],
    ['/api/v1/clients', 'text/csv, application/json;q=0.1', 'application/json'],
  ])('of %s is negotiated: %s', async (path, accept, expected) => {
    const caller = path.startsWith('/pam') ? api : env.admin;
    const { status, headers } = await caller.get(path, { headers: { accept } });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(new RegExp(`^${expected}`));
    expect(headers.get('vary')).toMatch(/\baccept\b(?!-)/);
  });

  it.each([
    ['/pam/v1/devices', 'application/xml'],
    ['/pam/v1/devices', 'text/csv;q=0'],
    ['/api/v1/clients', 'text/csv'],
    ['/api/v1/tokens', 'text/csv'],
    ['/api/v1/audit-events', 'text/csv'],
    ['/api/v1/scopes', 'text/csv'],
  ])('of %s is 406 where %s is all that will do', async (path, accept) => {
    const caller = path.startsWith('/pam') ? api : env.admin;
    const { status, headers, body } = await caller.get(path, { headers: { accept } });
    expect([status, body.code]).toEqual([406, 'not_acceptable']);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body.detail).toContain('application/json');
  });
});

describe('HEAD', () => {
  it.each([
    ['a page', '/pam/v1/devices?limit=1', 'application/json'],
    ['an export as NDJSON', '/pam/v1/devices', 'application/x-ndjson'],
    ['an export as CSV', '/pam/v1/devices', 'text/csv'],
    ['a row', '/pam/v1/devices/d1', '*/*'],
  ])('of %s answers with the headers of GET, and nothing else', async (_, path, accept) => {
    const heads = await Promise.all(['GET', 'HEAD'].map((method) => headersOf(method, path, accept)));
    expect(heads[1]).toEqual(heads[0]);
  });

  it('of an export reads no row', async () => {
    const { query } = env.database;
    const statements: string[] = [];
    env.database.query = (sql, parameters) => {
      statements.push(sql);
      return query.call(env.database, sql, parameters) as never;
    };
    try {
      const { status } = await api.request('HEAD', '/pam/v1/devices', { headers: CSV });
      expect(status).toBe(200);
      expect(statements.filter((sql) => sql.includes('FROM devices'))).toEqual([]);
    } finally {
      env.database.query = query;
    }
  });

  it('is 304 for who has the row, and 406 as GET is', async () => {
    const { headers } = await api.get('/pam/v1/devices/d1');
    const again = await api.request('HEAD', '/pam/v1/devices/d1', {
      headers: { 'if-none-match': headers.get('etag')! },
    });
    expect([again.status, again.headers.get('etag')]).toEqual([304, headers.get('etag')]);
    const refused = await api.request('HEAD', '/pam/v1/devices', { headers: { accept: 'image/png' } });
    expect([refused.status, refused.text]).toEqual([406, '']);
  });

  async function headersOf(method: string, path: string, accept: string) {
    const { sent, response } = openRequest(env.url + path, {
      method,
      headers: { accept, authorization },
    });
    sent.end();
    const answer = await response;
    answer.resume();
    const { date, 'x-request-id': requestId, 'transfer-encoding': _, ...headers } = answer.headers;
    expect([date, requestId]).toEqual([expect.any(String), expect.any(String)]);
    return { status: answer.statusCode, ...headers };
  }
});
