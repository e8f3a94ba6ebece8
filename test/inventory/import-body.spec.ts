import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { itOnPostgres } from '../support/engine-of-run.js';
import { eventually } from '../support/eventually.js';
import { aDevice, aUser, csv, importRows, ndjson, openRequest, readAll, sendImport } from './fixtures.js';

const MAX_BYTES = 2_000_000;

let env: TestEnvironment;

beforeAll(async () => {
  env = await createTestEnvironment({ importLimits: { maxBytes: MAX_BYTES } });
});

afterAll(() => env?.close());

/** An import whose body is sent by and by. */
function open(name: string, headers: Record<string, string | number> = {}) {
  const { clientId, clientSecret } = env.adminCredentials;
  const { sent, response } = openRequest(`${env.url}/inventory/v1/${name}`, {
    method: 'PUT',
    auth: `${clientId}:${clientSecret}`,
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });
  sent.on('error', () => {});
  response.catch(() => {});
  return { sent, response };
}

async function codeOf(response: ReturnType<typeof open>['response']) {
  const answer = await response;
  return [answer.statusCode, JSON.parse(await readAll(answer)).code];
}

async function countOf(table: string, like: string): Promise<number> {
  const { rows } = await env.database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${table} WHERE id LIKE $1`,
    [like],
  );
  return rows[0]!.count;
}

/** An import whose first rows the server has begun to take in: another one is refused from then on. */
async function begun(name: string, first: string, headers: Record<string, string | number> = {}) {
  let request = open(name, headers);
  let refused = false;
  const begin = () => {
    request.response.then(
      () => (refused = true),
      () => {},
    );
    request.sent.write(first);
  };
  begin();
  await eventually(async () => {
    if ((await sendImport(env.admin, name, '')).status === 409) return true;
    // The question itself may have come first.
    if (refused) {
      refused = false;
      request = open(name, headers);
      begin();
    }
    return false;
  });
  return request;
}

/** Resolves once the claim of an import that ended is given back. */
async function isFree(name: string): Promise<void> {
  await eventually(async () => (await sendImport(env.admin, name, '')).status === 200);
}

describe('a body over its limit', () => {
  it('is refused before it is sent, where it says so', async () => {
    const { sent, response } = open('users', { 'content-length': 3 * 1024 ** 3 });
    sent.flushHeaders();
    expect(await codeOf(response)).toEqual([413, 'payload_too_large']);
    sent.destroy();
  });

  it.each([
    ['application/x-ndjson', ndjson([aUser('big1')])],
    ['text/csv', csv([aUser('big1')])],
  ])('is refused while it is sent, where it does not say so (%s)', async (type, first) => {
    const { sent, response } = open('users', { 'content-type': type });
    sent.write(first);
    sent.write('\n'.repeat(MAX_BYTES));
    expect(await codeOf(response)).toEqual([413, 'payload_too_large']);
    sent.destroy();
    expect(await countOf('users', 'big%')).toBe(0);
    await isFree('users');
  });
});

describe('while an import runs', () => {
  it('another of the same resource is refused at once, and others are served', async () => {
    const { sent, response } = await begun('devices', ndjson([aDevice('slow1')]));
    const { status, body } = await sendImport(env.admin, 'devices', ndjson([aDevice('second')]));
    expect([status, body.code]).toEqual([409, 'import_running']);
    expect((await sendImport(env.admin, 'users', ndjson([aUser('other')]))).status).toBe(200);
    const other = await env.addCustomer('40004');
    expect((await sendImport(other, 'devices', ndjson([aDevice('theirs')]))).status).toBe(200);
    sent.end(ndjson([aDevice('slow2')]));
    expect((await response).statusCode).toBe(200);
    expect(await countOf('devices', 'slow%')).toBe(2);
    await importRows(env.admin, 'devices', [aDevice('afterwards')]);
  });

  it('the next one is taken after one that failed', async () => {
    expect((await sendImport(env.admin, 'devices', '{}\n')).status).toBe(400);
    expect((await sendImport(env.admin, 'devices', ndjson([aDevice('next')]))).status).toBe(200);
  });
});

describe('nothing is stored where the client goes away', () => {
  it('in the middle of the body', async () => {
    const { sent, response } = await begun('devices', ndjson([aDevice('gone1'), aDevice('gone2')]));
    sent.destroy();
    await expect(response).rejects.toThrow();
    await isFree('devices');
    expect(await countOf('devices', 'gone%')).toBe(0);
  });

  it('short of the length that it announced', async () => {
    const body = ndjson([aDevice('short1'), aDevice('short2')]);
    const { sent } = await begun('devices', body, { 'content-length': body.length + 10 });
    sent.destroy();
    await isFree('devices');
    expect(await countOf('devices', 'short%')).toBe(0);
  });

  // On the embedded engine a transaction that is held open would hold up the test too.
  itOnPostgres('after the body, before the answer', async () => {
    await importRows(env.admin, 'devices', [aDevice('held')]);
    await env.database.transaction(async (transaction) => {
      // The import waits here for a row, with all of its own rows staged.
      await transaction.query(`SELECT FROM devices WHERE id = 'held' FOR UPDATE`);
      const { sent } = open('devices');
      sent.end(ndjson([aDevice('late1'), aDevice('held', { zone: null })]));
      await eventually(async () => {
        const { rows } = await env.database.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        return rows.length > 0;
      });
      sent.destroy();
      await eventually(async () => sent.closed);
    });
    await isFree('devices');
    expect(await countOf('devices', 'late%')).toBe(0);
  });

  it('at any time: all of it is stored or nothing', async () => {
    for (const delay of [0, 5, 20, 60]) {
      const rows = Array.from({ length: 3_000 }, (_, index) => aDevice(`any${delay}-${index}`));
      const { sent } = open('devices');
      await new Promise<void>((resolve) => sent.end(ndjson(rows), resolve));
      await new Promise((resolve) => setTimeout(resolve, delay));
      sent.destroy();
      await isFree('devices');
      expect([0, 3_000]).toContain(await countOf('devices', `any${delay}-%`));
    }
  });
});
