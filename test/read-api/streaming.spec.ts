import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aDevice, importRows, openRequest, readAll } from '../inventory/fixtures.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { until } from '../support/waiting.js';

/** So many, and so wide, that an export does not fit into what sockets buffer. */
const DEVICES = 5000;
const WIDE = Array.from({ length: 160 }, (_, index) => `${index} ${'x'.repeat(25)}`);

let env: TestEnvironment;
let authorization: string;
let query: TestEnvironment['database']['query'];
/** The statements of the export that began. */
let batches: string[];
/** What the next batch does instead of being read, where it is to fail. */
let fault: (() => void) | undefined;

beforeAll(async () => {
  env = await createTestEnvironment();
  for (let from = 0; from < DEVICES; from += 1000) {
    const rows = Array.from({ length: 1000 }, (_, index) =>
      aDevice(`d${100_000 + from + index}`, { name: 'wide', protocols: WIDE }),
    );
    await importRows(env.admin, 'devices', rows);
  }
  const { clientId, clientSecret } = await env.registerClient();
  authorization = `Bearer ${await env.token(clientId, clientSecret)}`;
  batches = [];
  ({ query } = env.database);
  env.database.query = async (sql, parameters) => {
    if (sql.includes('FROM devices')) {
      batches.push(sql);
      fault?.();
    }
    return query.call(env.database, sql, parameters) as never;
  };
});

afterEach(() => {
  batches = [];
  fault = undefined;
});

afterAll(() => env?.close());

/** On a connection of its own: one that was read fast before buffers megabytes more. */
async function openExport(accept: string, headers = {}) {
  const { sent, response } = openRequest(`${env.url}/pam/v1/devices`, {
    agent: false,
    headers: { accept, authorization, ...headers },
  });
  sent.end();
  return { sent, exported: await response };
}

/** Waits until no batch has been fetched for a while. */
async function settled(): Promise<number> {
  for (let before = -1; before !== batches.length; await pause(150)) before = batches.length;
  return batches.length;
}

/** Reads on, to the end or to where it breaks off. */
function endOf(exported: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    exported
      .on('error', () => {})
      .once('close', resolve)
      .resume();
  });
}

describe.each(['application/x-ndjson', 'text/csv'])('an export as %s', (accept) => {
  it('fetches no faster than its reader takes it, and holds no connection meanwhile', async () => {
    const { exported } = await openExport(accept);
    exported.pause();
    const fetched = await settled();
    expect(fetched).toBeLessThan(DEVICES / 1000);
    // The embedded engine has one connection, so any statement shows that it is free. Others have work now and then.
    await until('no connection is held', async () => {
      const { rows } = await query.call(
        env.database,
        `SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      return (rows as { open: number }[])[0]!.open === 0;
    });
    const text = await readAll(exported);
    expect(exported.complete).toBe(true);
    expect(text.match(/d1\d{5}/g)).toHaveLength(DEVICES);
    expect(batches.length).toBeGreaterThan(fetched);
  });

  it('ends when its reader goes away', async () => {
    const { sent, exported } = await openExport(accept);
    exported.pause();
    const fetched = await settled();
    sent.destroy();
    // One batch may have been on its way.
    expect(await settled()).toBeLessThanOrEqual(fetched + 1);
    expect(fetched).toBeLessThan(DEVICES / 1000);
  });

  it.each(['identity', 'gzip'])(
    'breaks off in %s, short of its end, where the database fails half-way',
    async (encoding) => {
      fault = () => {
        if (batches.length > 2) throw new Error('the database went away');
      };
      const { exported } = await openExport(accept, { 'accept-encoding': encoding });
      await endOf(exported);
      expect(exported.headers['content-encoding'] ?? 'identity').toBe(encoding);
      expect([exported.statusCode, exported.complete]).toEqual([200, false]);
    },
  );

  it('is an error answer where the first batch fails', async () => {
    fault = () => {
      throw Object.assign(new Error('connection terminated'), { code: '57P01' });
    };
    const { exported } = await openExport(accept);
    expect(exported.statusCode).toBe(503);
    expect(exported.headers['content-type']).toMatch(/^application\/problem\+json/);
    exported.resume();
  });

  it('reaches a reader of a compressed stream while the rest is still to come', async () => {
    const { sent, exported } = await openExport(accept, { 'accept-encoding': 'gzip' });
    let text = '';
    const plain = exported.pipe(createGunzip()).setEncoding('utf8');
    for await (const chunk of plain) {
      text += chunk as string;
      if (text.includes('d100000')) break;
    }
    expect(text).toContain('d100000');
    sent.destroy();
  });
});
