import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { itOnPostgres } from '../support/engine-of-run.js';
import { aDevice, anAccount, aUser, importRows, ndjson, sendImport } from './fixtures.js';

let env: TestEnvironment;
let api: ApiClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ api } = await env.registerClient());
});

afterAll(() => env?.close());

async function stored(path: string) {
  return (await api.get(`/pam/v1/${path}`)).body.items as Record<string, unknown>[];
}

async function importEvents() {
  return (await env.admin.get('/api/v1/audit-events?type=inventory.imported&limit=1000')).body.items;
}

describe('an import', () => {
  it('counts what was created, updated and unchanged, and stamps only what changed', async () => {
    const first = await sendImport(env.admin, 'devices', ndjson([aDevice('c1'), aDevice('c2')]));
    expect([first.status, first.body]).toEqual([
      200,
      { created: 2, updated: 0, unchanged: 0, rejected: 0, errors: [] },
    ]);
    const before = await stored('devices?search=device%20c');
    env.clock.advance(10);
    const rows = [aDevice('c1'), aDevice('c2', { zone: null, ports: [22, 23] }), aDevice('c3')];
    const second = await sendImport(env.admin, 'devices', ndjson(rows));
    expect(second.body).toEqual({ created: 1, updated: 1, unchanged: 1, rejected: 0, errors: [] });
    const after = await stored('devices?search=device%20c');
    expect(after.map(({ id }) => id)).toEqual(['c1', 'c2', 'c3']);
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).toMatchObject({ zone: null, ports: [22, 23] });
    expect(Date.parse(after[1]!.updated_at as string)).toBeGreaterThan(
      Date.parse(before[1]!.updated_at as string),
    );
  });

  it('takes times in any offset, and an absent field that may be null as null', async () => {
    const { last_seen_at: _, zone: __, ...row } = aDevice('t1');
    await importRows(env.admin, 'devices', [row]);
    expect(await stored('devices?id=t1')).toMatchObject([{ zone: null, last_seen_at: null }]);
    const { body } = await sendImport(
      env.admin,
      'devices',
      ndjson([{ ...row, last_seen_at: '2026-01-31T13:45:00.1234+02:00' }]),
    );
    expect(body.updated).toBe(1);
    expect(await stored('devices?id=t1')).toMatchObject([{ last_seen_at: '2026-01-31T11:45:00.123Z' }]);
  });

  it('takes a bearer token with inventory:write, and no other', async () => {
    const writer = await env.registerClient({ scopes: ['inventory:write'] });
    expect((await sendImport(writer.api, 'users', ndjson([aUser('w1')]))).status).toBe(200);
    expect((await sendImport(api, 'users', ndjson([aUser('w2')]))).status).toBe(403);
    expect((await sendImport(env.anonymous, 'users', ndjson([aUser('w2')]))).status).toBe(401);
  });

  it('of nothing is nothing', async () => {
    for (const body of ['', '\n\n  \r\n']) {
      const answer = await sendImport(env.admin, 'users', body);
      expect([answer.status, answer.body]).toEqual([
        200,
        { created: 0, updated: 0, unchanged: 0, rejected: 0, errors: [] },
      ]);
    }
  });

  it('does not mind a byte-order mark, CRLF, blank lines, or a last line that is not ended', async () => {
    const lines = [aUser('l1'), aUser('l2'), aUser('l3')].map((row) => JSON.stringify(row));
    const body = `\uFEFF${lines[0]}\r\n\r\n  \n${lines[1]}\n${lines[2]}`;
    expect((await sendImport(env.admin, 'users', body)).body).toMatchObject({ created: 3, rejected: 0 });
  });

  it('goes in by many batches', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => aUser(`many${index}`));
    const { body } = await sendImport(env.admin, 'users', ndjson(rows));
    expect(body).toMatchObject({ created: 2_500, rejected: 0 });
    const again = await sendImport(env.admin, 'users', ndjson([...rows, rows[0]]));
    expect(again.status).toBe(400);
    expect(again.body.errors).toEqual([
      { line: 2_501, id: 'many0', field: 'id', message: 'is that of line 1 too' },
    ]);
  });
});

describe('an import with bad rows', () => {
  const rows = [aDevice('p1'), { ...aDevice('p2'), state: 'broken' }, aDevice('p3')];

  it('stores nothing, and says why', async () => {
    const events = await importEvents();
    const { status, body, headers } = await sendImport(env.admin, 'devices', ndjson(rows));
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({
      code: 'rows_rejected',
      created: 0,
      updated: 0,
      unchanged: 0,
      rejected: 1,
      errors: [{ line: 2, id: 'p2', field: 'state', message: expect.stringContaining('managed') }],
    });
    expect(await stored('devices?search=device%20p')).toEqual([]);
    expect(await importEvents()).toEqual(events);
  });

  it('stores nothing of the batches before the bad one either', async () => {
    const good = Array.from({ length: 1_200 }, (_, index) => aUser(`before${index}`));
    const { body } = await sendImport(env.admin, 'users', `${ndjson(good)}{"id":1}\n`);
    expect(body).toMatchObject({ created: 0, rejected: 1 });
    expect(await stored('users?search=before')).toEqual([]);
  });

  it('stores the good ones where partial=true', async () => {
    const { status, body } = await sendImport(env.admin, 'devices?partial=true', ndjson(rows));
    expect(status).toBe(200);
    expect(body).toMatchObject({ created: 2, updated: 0, unchanged: 0, rejected: 1 });
    expect((await stored('devices?search=device%20p')).map(({ id }) => id)).toEqual(['p1', 'p3']);
    const [event] = await importEvents();
    expect(event).toMatchObject({
      outcome: 'success',
      actor: { kind: 'client', id: env.adminCredentials.clientId },
      customer_id: env.customerId,
      method: 'PUT',
      path: '/inventory/v1/devices',
      detail: { resource: 'devices', mode: 'upsert', created: 2, updated: 0, unchanged: 0, rejected: 1 },
    });
  });

  it('counts all of them and lists the first hundred faults', async () => {
    const { body } = await sendImport(env.admin, 'users', '{}\n'.repeat(250));
    expect(body.rejected).toBe(250);
    expect(body.errors).toHaveLength(100);
  });

  it('puts nothing on record where nothing changed', async () => {
    await importRows(env.admin, 'devices', [aDevice('same')]);
    const events = await importEvents();
    await importRows(env.admin, 'devices', [aDevice('same')]);
    expect(await importEvents()).toEqual(events);
  });
});

describe('a line is rejected', () => {
  const bad = (id: string, fields: object) => JSON.stringify({ ...aDevice(id), ...fields });
  const without = (id: string, field: string) => JSON.stringify({ ...aDevice(id), [field]: undefined });

  it.each<[string, string, string | undefined, string]>([
    ['without its id', without('x', 'id'), 'id', 'is required'],
    ['with an empty id', bad('', {}), 'id', 'must not be empty'],
    [
      'with an over-long id',
      bad('x'.repeat(257), { name: 'n' }),
      'id',
      'must NOT have more than 256 characters',
    ],
    ['with an id that is no text', bad('x', { id: 7 }), 'id', 'must be text'],
    ['without a field that it needs', without('x', 'state'), 'state', 'is required'],
    ['with null for a field that it needs', bad('x', { name: null }), 'name', 'must be text'],
    ['with an unknown field', bad('x', { colour: 'red' }), 'colour', 'is not a known field'],
    ['that would set its customer', bad('x', { customer_id: '1' }), 'customer_id', 'is not a known field'],
    [
      'with a field named like Object’s own',
      `${bad('x', {}).slice(0, -1)},"__proto__":{}}`,
      '__proto__',
      'is not a known field',
    ],
    [
      'with a value out of its set',
      bad('x', { state: 'ok' }),
      'state',
      'must be one of managed, unmanaged, maintenance, unreachable, retired',
    ],
    ['with text for a list', bad('x', { protocols: 'a' }), 'protocols', 'must be a list'],
    ['with a fraction for a port', bad('x', { ports: [22.5] }), 'ports[0]', 'must be a whole number'],
    ['with a port out of bounds', bad('x', { ports: [22, 65_536] }), 'ports[1]', 'must be <= 65535'],
    [
      'with an over-long text',
      bad('x', { name: 'n'.repeat(257) }),
      'name',
      'must NOT have more than 256 characters',
    ],
    ['with empty text for null', bad('x', { zone: '' }), 'zone', 'must not be empty; null means none'],
    ['with a NUL', bad('x', { name: 'a\u0000b' }), 'name', 'must not contain a NUL character'],
    [
      'with a NUL in a list',
      bad('x', { protocols: ['a\u0000b'] }),
      'protocols[0]',
      'must not contain a NUL character',
    ],
    ['with a lone surrogate', bad('x', { name: 'a\ud800' }), 'name', 'must be well-formed Unicode'],
    [
      'with a time that is none',
      bad('x', { last_seen_at: 'today' }),
      'last_seen_at',
      'must be an RFC 3339 time, such as 2026-01-31T12:00:00Z',
    ],
    [
      'with a day that is none',
      bad('x', { last_seen_at: '2026-02-30T00:00:00Z' }),
      'last_seen_at',
      'must be an RFC 3339 time, such as 2026-01-31T12:00:00Z',
    ],
    [
      'with a year that the database does not hold',
      bad('x', { last_seen_at: '0000-01-01T00:00:00Z' }),
      'last_seen_at',
      'must be an RFC 3339 time, such as 2026-01-31T12:00:00Z',
    ],
    ['that is not JSON', '{"id": "x",', undefined, 'is not JSON'],
    ['with a byte-order mark in its middle', `\uFEFF${bad('x', {})}`, undefined, 'is not JSON'],
    ['that is a list', '[1]', undefined, 'is not a JSON object'],
    ['that is null', 'null', undefined, 'is not a JSON object'],
    [
      'that is too long',
      bad('x', { name: 'n'.repeat(1024 * 1024) }),
      undefined,
      'is longer than 1048576 bytes',
    ],
  ])('%s', async (_, line, field, message) => {
    const { status, body } = await sendImport(
      env.admin,
      'devices',
      `${JSON.stringify(aDevice('g'))}\n${line}\n`,
    );
    expect(status).toBe(400);
    expect(body.rejected).toBe(1);
    expect(body.errors).toEqual([expect.objectContaining({ line: 2, message })]);
    expect(body.errors[0].field).toBe(field);
  });

  it('that is not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from(`${JSON.stringify(aDevice('g'))}\n`),
      Buffer.from([0x7b, 0xff, 0x7d, 0x0a]),
    ]);
    const answer = await sendImport(env.admin, 'devices', body);
    expect(answer.body.errors).toEqual([{ line: 2, message: 'is not valid UTF-8' }]);
  });

  it('that is cut off at the end', async () => {
    const body = ndjson([aDevice('g'), aDevice('h')]).slice(0, -20);
    expect((await sendImport(env.admin, 'devices', body)).body.errors).toEqual([
      { line: 2, message: 'is not JSON' },
    ]);
  });

  it('whose id an earlier line had, and all lines are reported in their order', async () => {
    const body = ndjson([aDevice('g'), aDevice('g'), { id: 1 }, aDevice('g')]);
    const { errors } = (await sendImport(env.admin, 'devices', body)).body;
    expect([...new Set(errors.map(({ line }: { line: number }) => line))]).toEqual([2, 3, 4]);
    expect(errors[0]).toEqual({ line: 2, id: 'g', field: 'id', message: 'is that of line 1 too' });
  });

  it('that refers to a device which is not there', async () => {
    await importRows(env.admin, 'devices', [aDevice('known')]);
    const rows = [anAccount('r1', { device_id: 'known' }), anAccount('r2', { device_id: 'unknown' })];
    const { body } = await sendImport(env.admin, 'accounts?partial=true', ndjson([...rows, anAccount('r3')]));
    expect(body).toEqual({
      created: 2,
      updated: 0,
      unchanged: 0,
      rejected: 1,
      errors: [{ line: 2, id: 'r2', field: 'device_id', message: 'refers to what is not there' }],
    });
  });

  it('of which an element of a list refers to what is not there', async () => {
    await importRows(env.admin, 'user-groups', [{ id: 'ug1', name: 'On call', description: null }]);
    const rows = [aUser('e1', { group_ids: ['ug1'] }), aUser('e2', { group_ids: ['ug1', 'ug2', 'ug3'] })];
    const { body } = await sendImport(env.admin, 'users?partial=true', ndjson(rows));
    expect(body).toMatchObject({ created: 1, rejected: 1 });
    expect(body.errors).toEqual([
      { line: 2, id: 'e2', field: 'group_ids', message: 'refers to what is not there' },
    ]);
    const { status } = await env.admin.delete('/inventory/v1/user-groups/ug1');
    expect(status).toBe(409);
    await importRows(env.admin, 'users', [aUser('e1')]);
    expect((await env.admin.delete('/inventory/v1/user-groups/ug1')).status).toBe(204);
  });

  it('that refers to another customer’s device', async () => {
    const other = await env.addCustomer('30003');
    await importRows(other, 'devices', [aDevice('foreign')]);
    const { body } = await sendImport(
      env.admin,
      'accounts',
      ndjson([anAccount('f1', { device_id: 'foreign' })]),
    );
    expect(body).toMatchObject({ rejected: 1, errors: [{ line: 1, field: 'device_id' }] });
  });
});

describe('an import is refused as a whole', () => {
  it.each([
    ['application/json', 415],
    ['text/plain', 415],
    ['text/csv; charset=iso-8859-1', 415],
  ])('with the content type %s', async (type, expected) => {
    const { status, body } = await env.admin.put('/inventory/v1/users', {
      body: '[]',
      headers: { 'content-type': type },
    });
    expect([status, body.code]).toEqual([expected, 'unsupported_media_type']);
  });

  it('without a body', async () => {
    expect((await env.admin.put('/inventory/v1/users')).status).toBe(415);
  });

  it.each([
    ['mode=merge', 'mode'],
    ['mode=replace&partial=true', 'partial'],
    ['allow_empty=true', 'allow_empty'],
    ['partial=yes', 'partial'],
    ['partial=true&partial=true', 'partial'],
  ])('with the query %s', async (query, field) => {
    const { status, body } = await sendImport(env.admin, `users?${query}`, ndjson([aUser('q')]));
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });

  it('for a resource that there is not', async () => {
    const { status, body } = await sendImport(env.admin, 'gadgets', '{}\n');
    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  // The embedded engine has one session, and one process.
  itOnPostgres('while another process imports the same', async () => {
    await env.database.transaction(async (transaction) => {
      const lock = `inventory devices ${env.customerId}`;
      await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [lock]);
      const { status, body } = await sendImport(env.admin, 'devices', ndjson([aDevice('second')]));
      expect([status, body.code]).toEqual([409, 'import_running']);
      expect((await sendImport(env.admin, 'users', ndjson([aUser('u')]))).status).toBe(200);
    });
  });
});
