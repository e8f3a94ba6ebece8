import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { recordedEvent } from './recorded-event.js';

describe('customers are kept apart in the audit log', () => {
  let env: TestEnvironment;
  let neighbour: ApiClient;
  let ours: ApiClient;
  const ids: Record<'ours' | 'neighbours' | 'nobodys', string> = { ours: '', neighbours: '', nobodys: '' };

  beforeAll(async () => {
    env = await createTestEnvironment();
    neighbour = await env.addCustomer('20002');
    ours = (await env.registerClient({ scopes: ['audit:read'] })).api;
    ids.ours = await recordedEvent(env, { customer_id: env.customerId });
    ids.neighbours = await recordedEvent(env, { customer_id: '20002' });
    ids.nobodys = await recordedEvent(env, {
      customer_id: null,
      client_id: null,
      type: 'access_token.unknown_use',
      outcome: 'failure',
    });
  });
  afterAll(() => env.close());

  async function seenBy(api: ApiClient): Promise<string[]> {
    const { body } = await api.get('/api/v1/audit-events?to=2026-03-31');
    return body.items.map(({ id }: { id: string }) => id).sort();
  }

  it('a caller lists the events of his own customer', async () => {
    expect(await seenBy(ours)).toEqual([ids.ours]);
    expect(await seenBy(neighbour)).toEqual([ids.neighbours]);
  });

  it('a stream is limited in the same way', async () => {
    const { text } = await neighbour.get('/api/v1/audit-events', {
      headers: { accept: 'application/x-ndjson' },
    });
    const customers = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).customer_id);
    expect(new Set(customers)).toEqual(new Set(['20002']));
  });

  it('a count is limited in the same way', async () => {
    const { body } = await neighbour.get('/api/v1/audit-events?to=2026-03-31&count=true');
    expect(body.total).toBe(1);
  });

  it('no filter and no cursor reaches further', async () => {
    for (const query of [
      'client_id=crm',
      'search=token',
      'ip=203.0.113.7',
      'type=access_token.unknown_use',
    ]) {
      const { body } = await neighbour.get(`/api/v1/audit-events?to=2026-03-31&${query}`);
      expect(body.items.every((item: { customer_id: string }) => item.customer_id === '20002')).toBe(true);
    }
    const page = await env.admin.get('/api/v1/audit-events?to=2026-03-31&limit=1');
    const { body } = await neighbour.get(
      `/api/v1/audit-events?to=2026-03-31&limit=1&cursor=${page.body.next_cursor}`,
    );
    expect(body.items.every((item: { customer_id: string }) => item.customer_id === '20002')).toBe(true);
  });

  it('an event of another customer, or of none, is 404 by its id', async () => {
    expect((await neighbour.get(`/api/v1/audit-events/${ids.neighbours}`)).status).toBe(200);
    expect((await neighbour.get(`/api/v1/audit-events/${ids.ours}`)).status).toBe(404);
    expect((await neighbour.get(`/api/v1/audit-events/${ids.nobodys}`)).status).toBe(404);
    expect((await ours.get(`/api/v1/audit-events/${ids.neighbours}`)).status).toBe(404);
  });

  it('a caller with customers:read sees all, those of no customer too', async () => {
    expect(await seenBy(env.admin)).toEqual([ids.ours, ids.neighbours, ids.nobodys].sort());
    expect((await env.admin.get(`/api/v1/audit-events/${ids.neighbours}`)).status).toBe(200);
  });
});
