import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GeneratedInventory, RESOURCE_NAMES } from '../generator/inventory-generator.js';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';

/** A hundredth of the inventory that docs/performance.md measures. */
const inventory = new GeneratedInventory(0.01);

describe('the generated inventory, at a hundredth of its size', () => {
  let environment: TestEnvironment;
  let reader: ApiClient;

  beforeAll(async () => {
    environment = await createTestEnvironment();
    reader = (await environment.registerClient()).api;
  });

  afterAll(() => environment.close());

  it.each(RESOURCE_NAMES)('%s go in', async (name) => {
    const body = Buffer.concat([...inventory.ndjson(name)]).toString();
    const report = await put(name, 'application/x-ndjson', body);
    expect(report).toMatchObject({ status: 200, body: { created: inventory.size(name), rejected: 0 } });
  });

  it.each(RESOURCE_NAMES)('%s come out as they went in, one by one', async (name) => {
    const { text } = await reader.get(`/pam/v1/${name}`, { headers: { accept: 'application/x-ndjson' } });
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => withoutUpdatedAt(JSON.parse(line)));
    expect(rows).toEqual([...inventory.rows(name)].map(sorted));
  });

  it.each(RESOURCE_NAMES)('%s go in again as NDJSON and as CSV, and nothing changes', async (name) => {
    for (const type of ['application/x-ndjson', 'text/csv']) {
      const { text } = await reader.get(`/pam/v1/${name}`, { headers: { accept: type } });
      const report = await put(`${name}?mode=replace`, type, text);
      expect(report).toMatchObject({
        status: 200,
        body: { created: 0, updated: 0, unchanged: inventory.size(name), rejected: 0, deleted: 0 },
      });
    }
  });

  function put(path: string, contentType: string, body: string) {
    return environment.admin.put(`/inventory/v1/${path}`, { body, headers: { 'content-type': contentType } });
  }
});

function withoutUpdatedAt(row: Record<string, unknown>): Record<string, unknown> {
  return sorted(Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'updated_at')));
}

function sorted(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}
