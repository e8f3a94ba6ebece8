import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ResourceField } from '#http-api';
import { resources, type Resource } from '#read-only-resources';
import { importRows } from '../inventory/fixtures.js';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { fieldsOf, madeRows, RESOURCES } from './documented-resources.js';

const NDJSON = { accept: 'application/x-ndjson' };

let env: TestEnvironment;
let api: ApiClient;

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ api } = await env.registerClient());
  const { body: document } = await env.anonymous.get('/openapi.json');
  for (const name of RESOURCES) await importRows(env.admin, name, madeRows(name, fieldsOf(document, name)));
});

afterAll(async () => {
  await env?.database.query('RESET TIME ZONE');
  await env?.close();
});

/** Whatever PostgreSQL can hold: quotes, controls, line separators, beyond the BMP; never U+0000 or half a pair. */
const text = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('"', '\\', '/', '\b', '\t', '\n', '\f', '\r', '\u0001', '\u001f', '\u007f', '\u0085'),
      fc.constantFrom(
        '\u2028',
        '\u2029',
        '\ufeff',
        '\uffff',
        '😀',
        'é',
        'e\u0301',
        '<',
        '{',
        '}',
        ',',
        'null',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }).map((any) => any.replaceAll('\u0000', '')),
    ),
    maxLength: 12,
  })
  .filter((any) => any.isWellFormed());
const integer = fc.integer({ min: -2_147_483_648, max: 2_147_483_647 });

const VALUES: Record<ResourceField['kind'], fc.Arbitrary<unknown>> = {
  text,
  boolean: fc.boolean(),
  integer,
  time: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
  'text[]': fc.array(text, { maxLength: 3 }),
  'integer[]': fc.array(integer, { maxLength: 3 }),
};

/** The fields whose values the database leaves to the import's checks. */
function freeFields({ fields }: Resource): ResourceField[] {
  return fields.filter(({ name, references, kind }) => name !== 'id' && !(references && kind === 'text'));
}

function valuesFor(resource: Resource): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    Object.fromEntries(
      freeFields(resource).map(({ name, kind, nullable }) => [
        name,
        nullable ? fc.option(VALUES[kind]) : VALUES[kind],
      ]),
    ),
  );
}

describe.each(resources.map((resource) => [resource.name, resource] as const))(
  'an export of %s',
  (name, resource) => {
    it('has each row as a page has it, byte for byte, in any order, narrowed and filtered', async () => {
      const { rows } = await env.database.query<{ id: string }>(
        `SELECT id FROM ${resource.table} ORDER BY id`,
      );
      const columns = freeFields(resource).map((field) => `"${field.name}"`);
      await fc.assert(
        fc.asyncProperty(
          fc.array(valuesFor(resource), { minLength: rows.length, maxLength: rows.length }),
          fc.constantFrom(...Object.keys(resource.list.sortable)),
          fc.constantFrom('', '-'),
          fc.option(fc.shuffledSubarray([...resource.list.fields!], { minLength: 1 })),
          fc.constantFrom('', '&updated_since=2000-01-01'),
          fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/St_Johns'),
          async (values, column, direction, fields, filter, zone) => {
            for (const [index, { id }] of rows.entries())
              await env.database.query(
                `UPDATE ${resource.table} SET (${columns.join(', ')}) = ROW(${columns.map((_, n) => `$${n + 2}`).join(', ')}) WHERE id = $1`,
                [id, ...Object.values(values[index]!)],
              );
            await env.database.query(`SET TIME ZONE '${zone}'`);
            const query = `/pam/v1/${name}?sort=${direction}${column}${fields ? `&fields=${fields.join(',')}` : ''}${filter}`;
            const { body } = await api.get(query);
            const { text: exported } = await api.get(query, { headers: NDJSON });
            expect(exported).toBe(body.items.map((item: object) => `${JSON.stringify(item)}\n`).join(''));
            if (!filter) expect(body.items).toHaveLength(rows.length);
          },
        ),
        { numRuns: 15 },
      );
    });
  },
);
