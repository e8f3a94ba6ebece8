import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aDevice, importRows } from '../inventory/fixtures.js';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

interface Device {
  id: string;
  name: string;
  zone: string | null;
  last_seen_at: string | null;
}

let env: TestEnvironment;
let api: ApiClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ api } = await env.registerClient());
});

beforeEach(() => removeAll());

afterAll(() => env?.close());

async function removeAll(): Promise<void> {
  await env.database.query('DELETE FROM devices');
}

async function page(query: string, cursor: string | null): Promise<{ ids: string[]; next: string | null }> {
  const { status, body, text } = await api.get(
    `/pam/v1/devices?${query}${cursor ? `&cursor=${cursor}` : ''}`,
  );
  if (status !== 200) throw new Error(text);
  return { ids: body.items.map(({ id }: Device) => id), next: body.next_cursor };
}

async function allPages(query: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const { ids: some, next } = await page(query, cursor);
    ids.push(...some);
    cursor = next;
  } while (cursor !== null);
  return ids;
}

/** What the contract says, in so many words: one column, nulls last either way, ties by id. */
function inOrder(devices: Device[], column: keyof Device, descending: boolean): string[] {
  const compare = (a: string, b: string) => (a === b ? 0 : a < b !== descending ? -1 : 1);
  return [...devices]
    .sort((a, b) => {
      const [left, right] = [a[column], b[column]];
      if (left === right) return compare(a.id, b.id);
      if (left === null) return 1;
      return right === null ? -1 : compare(left, right);
    })
    .map(({ id }) => id);
}

const device = fc.record({
  name: fc.constantFrom('alpha', 'alphabet', 'beta'),
  zone: fc.option(fc.constantFrom('core', 'dmz', 'edge')),
  last_seen_at: fc.option(
    fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '2026-02-01T00:00:00.000Z'),
  ),
});

describe('paging by cursor', () => {
  it('gives what sorting everything would give, for any rows, sort, filter and size of a page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(device, { maxLength: 12 }),
        fc.constantFrom('id', 'name', 'zone', 'last_seen_at'),
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        fc.option(fc.constantFrom('alph', 'bet', 'x'), { nil: undefined }),
        async (fields, column, descending, limit, part) => {
          const devices = fields.map((one, index) => ({ id: `d${index + 10}`, ...one }));
          await removeAll();
          if (devices.length > 0)
            await importRows(
              env.admin,
              'devices',
              devices.map((one) => aDevice(one.id, one)),
            );
          const query = `limit=${limit}&sort=${descending ? '-' : ''}${column}`;
          const expected = inOrder(
            devices.filter(({ name }) => name.includes(part ?? '')),
            column as keyof Device,
            descending,
          );
          expect(await allPages(part ? `${query}&name=${part}` : query)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(['zone', '-zone'])(
    'neither skips nor repeats a row that stays, while others come and go, sorted by %s',
    async (sort) => {
      const zones = ['a', 'b', 'c', 'd', null, null];
      const staying = zones.map((zone, index) => aDevice(`m${index}`, { zone }));
      await importRows(env.admin, 'devices', staying);
      const seen: string[] = [];
      let cursor: string | null = null;
      for (let round = 0; ; round += 1) {
        const { ids, next }: { ids: string[]; next: string | null } = await page(
          `limit=2&sort=${sort}`,
          cursor,
        );
        seen.push(...ids);
        if (next === null) break;
        cursor = next;
        // Rows before, at and after the cursor, with and without a value; and the row of the cursor goes.
        const others = [...zones, 'bb', 'a0'].map((zone, index) =>
          aDevice(`n${round}${index}`, { zone: index === round ? 'zz' : zone }),
        );
        await importRows(env.admin, 'devices', others);
        await env.database.query(`DELETE FROM devices WHERE id LIKE 'n%' AND id NOT LIKE $1`, [`n${round}%`]);
      }
      const stayed = seen.filter((id) => id.startsWith('m'));
      expect([...stayed].sort()).toEqual(staying.map(({ id }) => id));
      expect(new Set(seen).size).toBe(seen.length);
    },
  );

  it('goes on where the row of the cursor is gone', async () => {
    await importRows(
      env.admin,
      'devices',
      ['d1', 'd2', 'd3'].map((id) => aDevice(id, { zone: null })),
    );
    const first = await page('limit=2&sort=-zone', null);
    expect(first.ids).toEqual(['d3', 'd2']);
    await env.database.query(`DELETE FROM devices WHERE id = 'd2'`);
    expect(await page('limit=2&sort=-zone', first.next)).toEqual({ ids: ['d1'], next: null });
  });

  it('finds rows that are few and far off, by substrings and ranges, in every order', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => {
      const rare = index >= 4990;
      return aDevice(`d${10_000 + index}`, {
        name: rare ? `Zebra ${index}` : `horse ${index}`,
        zone: index % 2 === 0 ? null : 'core',
        last_seen_at: rare ? '2026-02-01T00:00:00.000Z' : '2026-01-01T00:00:00.000Z',
      });
    });
    await importRows(env.admin, 'devices', rows);
    const rare = Array.from({ length: 10 }, (_, index) => `d${14_990 + index}`);
    const odd = (ids: string[]) => ids.filter((id) => Number(id.slice(1)) % 2 === 1);
    const even = (ids: string[]) => ids.filter((id) => Number(id.slice(1)) % 2 === 0);
    for (const filter of ['name=zebra', 'last_seen_from=2026-01-15', 'search=ZEBRA&zone=core', 'name=ze']) {
      const expected = filter.includes('zone=core') ? odd(rare) : rare;
      expect(await allPages(`limit=3&${filter}`)).toEqual(expected);
      expect(await allPages(`limit=3&sort=zone&${filter}`)).toEqual([
        ...odd(rare),
        ...(filter.includes('zone=core') ? [] : even(rare)),
      ]);
      expect(await allPages(`limit=3&sort=-id&${filter}`)).toEqual(expected.toReversed());
    }
    const most = await page('limit=1000&name=horse&sort=-id', null);
    expect([most.ids.length, most.ids[0]]).toEqual([1000, 'd14989']);
  });
});
