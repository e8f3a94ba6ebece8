import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importRows } from '../inventory/fixtures.js';
import type { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import {
  expectedFilters,
  fieldsOf,
  madeRows,
  REFERENCES,
  RESOURCES,
  valuesOf,
  type DocumentedField,
  type DocumentedFields,
  type Row,
} from './documented-resources.js';

const NDJSON = { accept: 'application/x-ndjson' };

let env: TestEnvironment;
let api: ApiClient;
let document: any;

/** The rows of each resource, as they came in: the first three a while before the others. */
const imported: Record<string, Row[]> = {};
/** The fields of each, by the document. */
const documented: Record<string, DocumentedFields> = {};

beforeAll(async () => {
  env = await createTestEnvironment();
  ({ api } = await env.registerClient());
  document = (await env.anonymous.get('/openapi.json')).body;
  for (const name of RESOURCES) {
    documented[name] = fieldsOf(document, name);
    imported[name] = madeRows(name, documented[name]);
    await importRows(env.admin, name, imported[name].slice(0, 3));
    env.clock.advance(10);
    await importRows(env.admin, name, imported[name].slice(3));
  }
});

afterAll(() => env?.close());

describe('the OpenAPI document', () => {
  it('has these resources, and no others', () => {
    const paths = Object.keys(document.paths).filter((path) => path.startsWith('/pam/v1/'));
    expect(paths.sort()).toEqual(
      RESOURCES.flatMap((name) => [`/pam/v1/${name}`, `/pam/v1/${name}/{id}`]).sort(),
    );
  });

  it.each(RESOURCES)('describes both operations on %s, and asks for their scope', (name) => {
    for (const path of [`/pam/v1/${name}`, `/pam/v1/${name}/{id}`]) {
      expect(Object.keys(document.paths[path])).toEqual(['get']);
      const { summary, description, operationId, security, responses, parameters } = document.paths[path].get;
      expect([summary, description, operationId]).toEqual(Array(3).fill(expect.stringMatching(/./)));
      expect(security).toEqual([{ oauth2: [`${name}:read`] }, { person: [`${name}:read`] }, { bearer: [] }]);
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '400', '401', '403']));
      expect(parameters.filter((parameter: any) => !parameter.description || !parameter.schema)).toEqual([]);
    }
    const { oauth2 } = document.components.securitySchemes;
    expect(oauth2.flows.clientCredentials.scopes).toHaveProperty([`${name}:read`]);
  });

  it.each(RESOURCES)(
    'has a description and a fitting example for every field of %s, read or written',
    (name) => {
      const { schema } = document.paths[`/inventory/v1/${name}`].post.requestBody.content['application/json'];
      const written: DocumentedFields = document.components.schemas[schema.$ref.split('/').at(-1)].properties;
      expect(Object.keys(written)).toEqual(Object.keys(documented[name]!));
      for (const fields of [documented[name]!, written]) {
        for (const [field, property] of Object.entries(fields)) {
          expect([field, property.description]).toEqual([field, expect.stringMatching(/[.…]$/)]);
          expect([field, property.example, fits(property.example, property)]).toEqual([
            field,
            property.example,
            true,
          ]);
        }
      }
    },
  );

  it.each(RESOURCES)('names the columns that sort %s, and the fields to choose from', (name) => {
    const { parameters } = document.paths[`/pam/v1/${name}`].get;
    const parameter = (wanted: string) => parameters.find((one: any) => one.name === wanted);
    expect(parameter('sort').schema.enum).toEqual(sortsOf(name));
    expect(parameter('fields').description).toContain(`: ${Object.keys(documented[name]!).join(', ')}.`);
  });

  it.each(RESOURCES)('knows what the ids in %s refer to', (name) => {
    const ids = Object.keys(documented[name]!).filter((field) => /_ids?$/.test(field));
    expect(ids).toEqual(Object.keys(REFERENCES[name]!));
  });
});

describe.each(RESOURCES)('%s', (name) => {
  const path = `/pam/v1/${name}`;
  let rows: Row[];

  beforeAll(async () => {
    rows = (await api.get(path)).body.items;
  });

  it('are listed as they came in', () => {
    const stamped = (row: Row) => ({ ...row, updated_at: expect.any(String) });
    expect(rows).toEqual(imported[name]!.map(stamped));
  });

  it('are filtered by every field, as documented', async () => {
    const parameters: { name: string; description: string }[] = document.paths[path].get.parameters;
    const searched = parameters.find((parameter) => parameter.name === 'search')!;
    const filters = expectedFilters(
      documented[name]!,
      rows,
      /^Looks through ([\w, ]+)\./.exec(searched.description)![1]!.split(', '),
    );
    const expected: Record<string, string[]> = {};
    const found: Record<string, string[]> = {};
    for (const { name: filter } of parameters) {
      if (['limit', 'cursor', 'sort', 'count', 'fields'].includes(filter)) continue;
      const { value, passes } = filters[filter]!;
      expected[`${filter}=${value}`] = idsOf(rows.filter(passes));
      found[`${filter}=${value}`] = await ids(`?${new URLSearchParams({ [filter]: value })}`);
      delete filters[filter];
    }
    expect(found).toEqual(expected);
    expect(Object.keys(filters)).toEqual([]);
    // A filter that lets all pass, or none, would have proved nothing.
    expect(
      Object.entries(expected).filter(([, { length }]) => length === 0 || length === rows.length),
    ).toEqual([]);
  });

  it('are sorted by each column both ways, nulls last, and come in pages', async () => {
    const expected: Record<string, string[]> = {};
    const found: Record<string, string[]> = {};
    for (const sort of sortsOf(name)) {
      expected[sort] = idsOf(sorted(rows, sort));
      found[sort] = await idsByPages(sort);
    }
    expect(found).toEqual(expected);
  });

  it('are counted, and narrowed to the fields that were asked for', async () => {
    const fields = Object.keys(documented[name]!).slice(-3);
    const { body } = await api.get(`${path}?limit=1&count=true&fields=${fields.join(',')}`);
    expect(body.total).toBe(rows.length);
    expect(body.items).toEqual([pick(rows[0]!, fields)]);
  });

  it('are exported as NDJSON, filtered and narrowed alike', async () => {
    const whole = await api.get(path, { headers: NDJSON });
    expect(linesOf(whole.text)).toEqual(rows);
    const { updated_at: since } = rows.at(-1)!;
    const { text } = await api.get(`${path}?updated_since=${String(since)}&fields=id`, { headers: NDJSON });
    expect(linesOf(text)).toEqual(rows.slice(3).map((row) => pick(row, ['id'])));
  });

  it('are read one by one, with an ETag', async () => {
    for (const row of rows) {
      const one = `${path}/${encodeURIComponent(row.id)}`;
      const read = await api.get(one);
      expect([read.status, read.body]).toEqual([200, row]);
      const etag = read.headers.get('etag')!;
      const again = await api.get(one, { headers: { 'if-none-match': etag } });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await api.get(`${path}/none`)).status).toBe(404);
  });

  it('answer HEAD with the headers of GET, and no body', async () => {
    for (const target of [path, `${path}/${encodeURIComponent(rows[0]!.id)}`]) {
      const got = await api.get(target);
      const head = await api.request('HEAD', target);
      expect([head.status, head.text]).toEqual([200, '']);
      for (const header of ['content-type', 'etag', 'link']) {
        expect([header, head.headers.get(header)]).toEqual([header, got.headers.get(header)]);
      }
    }
  });

  async function ids(query: string): Promise<string[]> {
    const { status, body, text } = await api.get(path + query);
    if (status !== 200) throw new Error(text);
    return idsOf(body.items);
  }

  async function idsByPages(sort: string): Promise<string[]> {
    const found: string[] = [];
    let next: string | undefined = `${path}?sort=${sort}&limit=2`;
    while (next) {
      const { body, headers } = await api.get(next);
      expect(body.items.length).toBeLessThanOrEqual(2);
      found.push(...idsOf(body.items));
      next = /<([^>]+)>; rel="next"/.exec(headers.get('link')!)?.[1];
      expect(next === undefined).toBe(body.next_cursor === null);
    }
    return found;
  }
});

/** Every field but the lists, up and down. */
function sortsOf(name: string): string[] {
  return Object.entries(documented[name]!)
    .filter(([, { type }]) => type !== 'array')
    .flatMap(([field]) => [field, `-${field}`]);
}

function sorted(rows: Row[], sort: string): Row[] {
  const field = sort.replace('-', '');
  const direction = sort.startsWith('-') ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [one, other] = [a[field], b[field]];
    if (one === null || other === null) {
      return one === other ? direction * compare(a.id, b.id) : one === null ? 1 : -1;
    }
    return direction * (compare(one, other) || compare(a.id, b.id));
  });
}

function compare(a: any, b: any): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function idsOf(rows: Row[]): string[] {
  return rows.map(({ id }) => id);
}

function pick(row: Row, fields: string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, row[field]]));
}

function linesOf(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function fits(value: unknown, field: DocumentedField): boolean {
  const { type, format, items, nullable = false } = field;
  // OpenAPI 3.0.3 wants null among the values, too, where it may be one.
  if (field.enum) return valuesOf(field).includes(String(value)) && field.enum.includes(null) === nullable;
  if (type === 'array')
    return Array.isArray(value) && value.length > 0 && value.every((item) => fits(item, items!));
  if (type === 'integer') return Number.isInteger(value);
  if (format === 'date-time') return new Date(value as string).toISOString() === value;
  return typeof value === type && value !== '';
}
