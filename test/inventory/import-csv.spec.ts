import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { aDevice, aUser, csv, importRows, sendCsv } from './fixtures.js';

let env: TestEnvironment;
let api: ApiClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ api } = await env.registerClient());
});

afterAll(() => env?.close());

const HEADER = 'id,username,kind,privileged,state,directory,rotation_policy';
const row = (id: string, policy = '') => `${id},name,local,false,managed,,${policy}`;

async function stored(id: string) {
  return (await api.get(`/pam/v1/accounts/${id}`)).body;
}

describe('an import of CSV', () => {
  it('takes columns in any order, empty cells as null, times and lists', async () => {
    const fields = {
      name: 'the "first", ü',
      protocols: ['ssh', 'a, "b"'],
      ports: [22, 443],
      zone: null,
      last_seen_at: '2026-01-31T13:45:00+02:00',
      updated_at: '2026-01-01T00:00:00Z',
    };
    const reversed = Object.fromEntries(Object.entries(aDevice('csv1', fields)).toReversed());
    const { status, body } = await sendCsv(env.admin, 'devices', csv([reversed]));
    expect([status, body]).toEqual([200, { created: 1, updated: 0, unchanged: 0, rejected: 0, errors: [] }]);
    expect((await api.get('/pam/v1/devices/csv1')).body).toMatchObject({
      ...aDevice('csv1', fields),
      last_seen_at: '2026-01-31T11:45:00.000Z',
      updated_at: expect.stringMatching(/^(?!2026-01-01)/),
    });
  });

  it('stores what NDJSON of the same rows does', async () => {
    const rows = ['s1', 's2'].map((id) => aUser(id, { first_name: 'a\n"b",', last_name: null }));
    await importRows(env.admin, 'users', rows);
    const { body } = await sendCsv(env.admin, 'users', csv(rows));
    expect(body).toMatchObject({ unchanged: 2, created: 0, updated: 0 });
  });

  it('takes a byte-order mark, CRLF, blank lines, quoted newlines, and a last line that is not ended', async () => {
    const text = `\uFEFF${HEADER}\r\n\r\n${row('a1', '"one\r\ntwo"')}\r\n${row('a2', '"x\ny"')}\n${row('a3')}`;
    expect((await sendCsv(env.admin, 'accounts', text)).body).toMatchObject({ created: 3, rejected: 0 });
    expect((await stored('a1')).rotation_policy).toBe('one\r\ntwo');
    expect((await stored('a2')).rotation_policy).toBe('x\ny');
    expect((await stored('a3')).rotation_policy).toBeNull();
    expect((await sendCsv(env.admin, 'accounts', text)).body).toMatchObject({ unchanged: 3, updated: 0 });
  });

  it('reports the line in which a row begins', async () => {
    const text = [
      HEADER,
      row('b1', '"1\r\n2\r\n3"'),
      '',
      row('b2').replace('local', 'odd'),
      'b3,half',
      '',
    ].join('\r\n');
    const { status, body } = await sendCsv(env.admin, 'accounts', text);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'rows_rejected', created: 0, rejected: 2 });
    expect(body.errors).toEqual([
      expect.objectContaining({ line: 6, id: 'b2', field: 'kind' }),
      { line: 7, message: 'has 2 cells where the header has 7' },
    ]);
    expect((await api.get('/pam/v1/accounts/b1')).status).toBe(404);
  });

  it.each([
    ['without its id', `,name,local,false,managed,,`, 'id', 'is required'],
    ['with another word for true', 'c,name,local,yes,managed,,', 'privileged', 'must be true or false'],
    [
      'with an over-long value',
      `c,${'n'.repeat(257)},local,false,managed,,`,
      'username',
      expect.stringContaining('256'),
    ],
    ['with a NUL', 'c,na\u0000me,local,false,managed,,', 'username', 'must not contain a NUL character'],
  ])('rejects a row %s', async (_, line, field, message) => {
    const { body } = await sendCsv(env.admin, 'accounts', `${HEADER}\n${row('c0')}\n${line}\n`);
    expect(body.errors).toEqual([expect.objectContaining({ line: 3, field, message })]);
  });

  it('rejects what is no list in a list’s cell, and what is no number in it', async () => {
    const rows = [aDevice('l1', { protocols: 'ssh' }), aDevice('l2', { ports: '[22,"x"]' })];
    const { body } = await sendCsv(env.admin, 'devices', csv(rows));
    expect(body.errors).toEqual([
      { line: 2, id: 'l1', field: 'protocols', message: 'must be a list' },
      { line: 3, id: 'l2', field: 'ports[1]', message: 'must be a whole number' },
    ]);
  });
});

describe('CSV is refused as a whole', () => {
  it.each([
    ['without a header', '', 'invalid_header', 'no header row'],
    ['with an unknown column', `${HEADER},colour\n`, 'invalid_header', '"colour"'],
    ['with a column twice', `${HEADER},kind\n`, 'invalid_header', '"kind"'],
    ['without a column that rows need', 'id,username\n', 'invalid_header', '"kind", "privileged", "state"'],
    ['with a semicolon for a comma', `${HEADER.replaceAll(',', ';')}\n`, 'invalid_header', '"id;username'],
    [
      'with a quote that is not closed',
      `${HEADER}\n${row('d')}\n${row('e', '"x')}\n`,
      'invalid_csv',
      'Line 3',
    ],
    [
      'with text behind a quote',
      `${HEADER}\n${row('d', '"1\r\n2"')}\r\n${row('e', '"x"y')}\n`,
      'invalid_csv',
      'Line 4',
    ],
    ['with a quote in a bare cell', `${HEADER}\n${row('e', 'x"y"')}\n`, 'invalid_csv', 'Line 2'],
    ['with a line without end', `${HEADER}\n${row('e', 'x'.repeat(1_100_000))}`, 'invalid_csv', 'Line 2'],
    [
      'with a row without end',
      `${HEADER}\n${row('e', `"${'x\n'.repeat(600_000)}"`)}`,
      'invalid_csv',
      'Line 2',
    ],
  ])('%s', async (_, text, code, word) => {
    const { status, body } = await sendCsv(env.admin, 'accounts?partial=true', text);
    expect([status, body.code, body.detail]).toEqual([400, code, expect.stringContaining(word)]);
    expect((await api.get('/pam/v1/accounts/d')).status).toBe(404);
  });

  it('that is not UTF-8, with the line', async () => {
    const bytes = Buffer.concat([Buffer.from(`${HEADER}\n${row('d')}\n`), Buffer.from([0x66, 0xff, 0x0a])]);
    const { status, body } = await sendCsv(env.admin, 'accounts', bytes);
    expect([status, body.code]).toEqual([400, 'invalid_csv']);
    expect(body.errors).toEqual([{ line: 3, message: 'is not valid UTF-8' }]);
  });
});
