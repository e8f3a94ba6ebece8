import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { resources } from '../support/postern.js';

let env: TestEnvironment;

beforeAll(async () => {
  env = await createTestEnvironment({ sampleData: true });
});

afterAll(() => env?.close());

// The sample comes with the embedded engine alone (contract, section 1).
describe('the sample inventory', () => {
  it('is there after the first start, brought in like any other and on record', async () => {
    const { api } = await env.registerClient();
    const totals = await Promise.all(
      resources.map(async ({ name }) => (await api.get(`/pam/v1/${name}?count=true&limit=1`)).body.total),
    );
    expect(totals).toEqual([8, 11, 12, 15, 26, 9, 9, 22, 11]);
    const events = await env.admin.get('/api/v1/audit-events?type=inventory.imported');
    expect(events.body.items).toHaveLength(resources.length);
    expect(events.body.items[0]).toMatchObject({ actor: { kind: 'system' }, customer_id: env.customerId });
  });

  it('holds accounts on its devices', async () => {
    const { api } = await env.registerClient();
    const { body } = await api.get('/pam/v1/accounts?device_id=dev-0001&fields=username');
    expect(body.items).toEqual([{ username: 'netadmin' }, { username: 'monitor' }]);
    const profiles = await api.get('/pam/v1/profiles?device_id=dev-0006&fields=name');
    expect(profiles.body.items).toEqual([{ name: 'Database administration' }, { name: 'On call' }]);
  });
});
