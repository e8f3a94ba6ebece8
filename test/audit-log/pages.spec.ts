import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { recordedEvent } from './recorded-event.js';

interface Event {
  id: string;
  at: string;
  type: string;
}

describe('the list of audit events', () => {
  let env: TestEnvironment;
  const total = 23;

  beforeAll(async () => {
    env = await createTestEnvironment();
    for (let index = 0; index < total; index += 1) {
      // Seven events in each millisecond: the id has to break the ties.
      await recordedEvent(env, {
        at: `2026-03-01T12:00:00.00${Math.floor(index / 7)}Z`,
        type: index % 2 ? 'client.created' : 'access_token.issued',
      });
    }
  });
  afterAll(() => env.close());

  const list = (query: string) => env.admin.get(`/api/v1/audit-events?to=2026-03-31&${query}`);

  async function allPages(query: string): Promise<Event[]> {
    const items: Event[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { status, body } = await list(`${query}${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      items.push(...body.items);
      cursor = body.next_cursor;
    }
    return items;
  }

  it('begins with the latest', async () => {
    await env.admin.post('/api/v1/clients', { body: { name: 'latest' } });
    const { body } = await env.admin.get('/api/v1/audit-events?limit=1');
    expect(body.items).toEqual([expect.objectContaining({ type: 'client.created' })]);
    expect(Date.parse(body.items[0].at)).toBeGreaterThan(Date.parse('2026-03-31'));
  });

  it.each([
    ['at', (a: Event, b: Event) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id)],
    ['-at', (a: Event, b: Event) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id)],
    ['type', (a: Event, b: Event) => a.type.localeCompare(b.type) || a.id.localeCompare(b.id)],
    ['-type', (a: Event, b: Event) => b.type.localeCompare(a.type) || b.id.localeCompare(a.id)],
  ])('comes in pages that miss none and show none twice, sorted by %s', async (sort, inOrder) => {
    const items = await allPages(`sort=${sort}&limit=5`);
    expect(items).toHaveLength(total);
    expect(new Set(items.map(({ id }) => id)).size).toBe(total);
    expect(items).toEqual([...items].sort(inOrder));
  });

  it('names the next page in a Link header', async () => {
    const { headers, body } = await list('limit=5&type=client.created');
    const link = headers.get('link')!;
    expect(link).toContain('rel="first"');
    const next = /<([^>]+)>; rel="next"/.exec(link)![1]!;
    expect(next).toContain(`cursor=${body.next_cursor}`);
    const second = await env.admin.get(next);
    expect(second.body.items).toHaveLength(5);
    expect(second.body.items[0].id).not.toBe(body.items[0].id);
  });

  it('counts all that match, when asked', async () => {
    expect((await list('limit=1&count=true')).body.total).toBe(total);
    expect((await list('limit=1&count=true&type=client.created')).body.total).toBe(11);
    expect((await list('limit=1')).body).not.toHaveProperty('total');
  });

  it('refuses a cursor of another query', async () => {
    const { body } = await list('limit=5&sort=at');
    for (const query of ['sort=-at', 'sort=at&outcome=success', 'sort=type']) {
      const answer = await list(`${query}&cursor=${body.next_cursor}`);
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toEqual([{ field: 'cursor', message: expect.any(String) }]);
    }
    expect((await list(`sort=at&limit=9&cursor=${body.next_cursor}`)).status).toBe(200);
  });

  it('refuses a cursor that was altered', async () => {
    const { body } = await list('limit=5');
    const cursor: string = body.next_cursor;
    const altered = (cursor[3] === 'A' ? 'B' : 'A') + cursor.slice(1);
    expect((await list(`limit=5&cursor=${altered}`)).status).toBe(400);
  });

  it('streams whole as NDJSON, one event a line', async () => {
    const { status, headers, text } = await env.admin.get('/api/v1/audit-events?to=2026-03-31&sort=at', {
      headers: { accept: 'application/x-ndjson' },
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/x-ndjson');
    expect(text.endsWith('\n')).toBe(true);
    const streamed = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    expect(streamed).toEqual(await allPages('sort=at&limit=1000'));
  });

  it('streams more than fits into one batch', async () => {
    await env.database.query(
      `INSERT INTO audit_events (id, at, type, outcome, actor_kind, customer_id, detail)
       SELECT gen_random_uuid(), '2025-01-01T00:00:00Z', 'client.updated', 'success', 'system', '10001', '{}'
       FROM generate_series(1, 2500)`,
    );
    const { text } = await env.admin.get('/api/v1/audit-events?type=client.updated&to=2025-12-31', {
      headers: { accept: 'application/x-ndjson' },
    });
    const ids = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Event).id);
    expect(ids).toHaveLength(2500);
    expect(new Set(ids).size).toBe(2500);
  });

  it('streams nothing where nothing matches', async () => {
    const { status, text } = await env.admin.get('/api/v1/audit-events?to=2020-01-01', {
      headers: { accept: 'application/x-ndjson' },
    });
    expect([status, text]).toEqual([200, '']);
  });
});
