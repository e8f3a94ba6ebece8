import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { aDevice, anAccount, csv, importRows, ndjson, sendCsv, sendImport } from './fixtures.js';

let env: TestEnvironment;
let api: ApiClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ api } = await env.registerClient());
});

beforeEach(async () => {
  await replaceAll('accounts', '');
  await replaceAll('devices', ndjson([aDevice('r1'), aDevice('r2'), aDevice('r3')]));
});

afterAll(() => env?.close());

function replaceAll(name: string, body: string) {
  return sendImport(env.admin, `${name}?mode=replace&allow_empty=true`, body);
}

async function ids(name: string): Promise<string[]> {
  return (await api.get(`/pam/v1/${name}?sort=id`)).body.items.map(({ id }: { id: string }) => id);
}

describe('an import with mode=replace', () => {
  it('removes what the file does not have, counts it, and is on record', async () => {
    const file = ndjson([aDevice('r1'), aDevice('r2', { zone: 'dmz' }), aDevice('r4')]);
    const { status, body } = await sendImport(env.admin, 'devices?mode=replace', file);
    expect([status, body]).toEqual([
      200,
      { created: 1, updated: 1, unchanged: 1, rejected: 0, deleted: 1, errors: [] },
    ]);
    expect(await ids('devices')).toEqual(['r1', 'r2', 'r4']);
    const events = await env.admin.get('/api/v1/audit-events?type=inventory.imported&limit=1');
    expect(events.body.items[0].detail).toMatchObject({
      mode: 'replace',
      created: 1,
      updated: 1,
      deleted: 1,
    });
  });

  it('removes nothing of another customer', async () => {
    const other = await env.addCustomer('30003');
    await importRows(other, 'devices', [aDevice('theirs')]);
    await replaceAll('devices', ndjson([aDevice('r1')]));
    expect((await sendImport(other, 'devices', ndjson([aDevice('theirs')]))).body.unchanged).toBe(1);
  });

  it('removes nothing where a row is rejected', async () => {
    const file = ndjson([aDevice('r1'), aDevice('r2', { state: 'odd' })]);
    const { status, body } = await sendImport(env.admin, 'devices?mode=replace', file);
    expect([status, body.code, body.rejected, body.deleted]).toEqual([400, 'rows_rejected', 1, 0]);
    expect(await ids('devices')).toEqual(['r1', 'r2', 'r3']);
  });

  it('removes nothing where others refer to a row that is to go', async () => {
    await importRows(env.admin, 'accounts', [anAccount('a1', { device_id: 'r3' })]);
    const { status, body } = await sendImport(
      env.admin,
      'devices?mode=replace',
      ndjson([aDevice('r1'), aDevice('r9')]),
    );
    expect([status, body.code]).toEqual([409, 'still_referred_to']);
    expect(body.errors).toEqual([{ field: 'id', message: 'r3 is referred to by accounts' }]);
    expect(await ids('devices')).toEqual(['r1', 'r2', 'r3']);
  });

  it.each(['', '\n\n'])('refuses a file without rows, unless that is said to be meant', async (body) => {
    const refused = await sendImport(env.admin, 'devices?mode=replace', body);
    expect([refused.status, refused.body.code]).toEqual([400, 'empty_replacement']);
    expect(await ids('devices')).toHaveLength(3);
    expect((await replaceAll('devices', body)).body.deleted).toBe(3);
    expect(await ids('devices')).toEqual([]);
  });

  it('takes CSV, and refuses a header alone', async () => {
    const header = csv([aDevice('x')]).split('\r\n', 1)[0]!;
    expect((await sendCsv(env.admin, 'devices?mode=replace', header)).body.code).toBe('empty_replacement');
    const { body } = await sendCsv(env.admin, 'devices?mode=replace', csv([aDevice('r2')]));
    expect(body).toMatchObject({ unchanged: 1, deleted: 2 });
  });
});
