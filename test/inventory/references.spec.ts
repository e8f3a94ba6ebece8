import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fieldsOf, madeRows, REFERENCES, RESOURCES, type Row } from '../read-api/documented-resources.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { importRows, ndjson, sendImport } from './fixtures.js';

const LINKS = Object.entries(REFERENCES).flatMap(([name, fields]) =>
  Object.entries(fields).map(([field, referred]) => ({ name, field, referred })),
);

let env: TestEnvironment;
const made: Record<string, Row[]> = {};

beforeAll(async () => {
  env = await createTestEnvironment();
  const document = (await env.anonymous.get('/openapi.json')).body;
  for (const name of RESOURCES) {
    made[name] = madeRows(name, fieldsOf(document, name));
    await importRows(env.admin, name, made[name]);
  }
});

afterAll(() => env?.close());

describe.each(LINKS)('$field of $name', ({ name, field, referred }) => {
  const plural = field.endsWith('_ids');
  const fault = { field, message: 'refers to what is not there' };
  const referring = (id: string, to: string): Row => {
    const known = made[referred]![0]!.id;
    return { ...made[name]![0]!, id, [field]: plural ? [known, to] : to };
  };

  it(`must be of ${referred} that are there, in an import`, async () => {
    const rows = [made[name]![0]!, referring('broken', 'nowhere'), made[name]![1]!];
    const { status, body } = await sendImport(env.admin, `${name}?partial=true`, ndjson(rows));
    expect([status, body.rejected, body.unchanged]).toEqual([200, 1, 2]);
    expect(body.errors).toEqual([{ line: 2, id: 'broken', ...fault }]);
  });

  it(`must be of ${referred} that are there, in a single row`, async () => {
    const body = referring('broken', 'nowhere');
    const answer = await env.admin.post(`/inventory/v1/${name}`, { body });
    expect([answer.status, answer.body.errors]).toEqual([400, [fault]]);
  });

  it(`keeps one of the ${referred} from being removed, and says so`, async () => {
    await importRows(env.admin, referred, [{ ...made[referred]![0]!, id: 'wanted' }]);
    await importRows(env.admin, name, [referring('wants', 'wanted')]);
    const { status, body } = await env.admin.delete(`/inventory/v1/${referred}/wanted`);
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.errors).toEqual([{ field: 'id', message: expect.stringContaining(name) }]);
    expect((await env.admin.delete(`/inventory/v1/${name}/wants`)).status).toBe(204);
    expect((await env.admin.delete(`/inventory/v1/${referred}/wanted`)).status).toBe(204);
  });
});

describe('references', () => {
  it('are not to another customer’s rows, and do not keep those from being removed', async () => {
    const other = await env.addCustomer('40004');
    await importRows(other, 'devices', [{ ...made.devices![0]!, id: 'theirs', group_ids: [] }]);
    const task: Row = { ...made.tasks![0]!, id: 'ours', device_ids: ['theirs'] };
    const { body } = await sendImport(env.admin, 'tasks', ndjson([task]));
    expect(body.errors).toEqual([expect.objectContaining({ line: 1, field: 'device_ids' })]);
    await importRows(env.admin, 'devices', [{ ...made.devices![0]!, id: 'theirs' }]);
    await importRows(env.admin, 'tasks', [task]);
    expect((await other.delete('/inventory/v1/devices/theirs')).status).toBe(204);
  });
});
