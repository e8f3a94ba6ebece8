import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { resources } from '../support/postern.js';

/** An entry of a B-tree has room for 2,704 bytes: for 256 characters and an id, but not for more. */
const LONGEST_SORTED_BY_INDEX = 256;

let env: TestEnvironment;
/** What indexes there are, by table, as `method (columns)`. */
const indexes = new Map<string, string[]>();

beforeAll(async () => {
  env = await createTestEnvironment();
  const { rows } = await env.database.query<{ tablename: string; indexdef: string }>(
    `SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'`,
  );
  for (const { tablename, indexdef } of rows) {
    const definition = indexdef.replace(/^.* USING /, '');
    indexes.set(tablename, [...(indexes.get(tablename) ?? []), definition]);
  }
});

afterAll(() => env?.close());

describe.each(resources.map((resource) => [resource.name, resource] as const))('%s', (_, resource) => {
  const { table, fields, list } = resource;

  it.each(fields.filter(({ name }) => list.sortable[name]).map(({ name }) => name))(
    'has an index for the sort by %s, and for what equals a value of it',
    (name) => {
      const { maxLength, kind } = fields.find((field) => field.name === name)!;
      const long = kind === 'text' && maxLength > LONGEST_SORTED_BY_INDEX;
      const key = name === 'id' ? 'btree (customer_id, id)' : `btree (customer_id, ${name}, id)`;
      expect(indexes.get(table)!.filter((index) => index === key)).toHaveLength(long ? 0 : 1);
    },
  );

  it('has one for each text that is searched, and each list that is asked for a member', () => {
    const searched = fields.filter(
      ({ name, kind, values, references }) => kind === 'text' && !values && !references && name !== 'id',
    );
    const lists = fields.filter(({ kind }) => kind.endsWith('[]'));
    const keys = [...searched.map(({ name }) => `${name} gin_trgm_ops`), ...lists.map(({ name }) => name)];
    expect(indexes.get(table)!.filter((index) => index.startsWith('gin'))).toEqual([
      expect.stringMatching(/^gin \(.*\)$/),
    ]);
    const [gin] = indexes.get(table)!.filter((index) => index.startsWith('gin'));
    expect(gin!.slice(5, -1).split(', ').sort()).toEqual(keys.sort());
  });

  it('has none twice', () => {
    expect(new Set(indexes.get(table)).size).toBe(indexes.get(table)!.length);
  });
});
