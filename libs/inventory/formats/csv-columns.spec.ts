import { describe, expect, it } from '@jest/globals';
import type { ResourceSchema } from '#http-api';
import { CsvColumns } from './csv-columns.js';

const FIELD = { kind: 'text', nullable: false, readOnly: false, description: '', example: '' } as const;
const SCHEMA = {
  name: 'things',
  singular: 'thing',
  table: 'things',
  fields: [
    { ...FIELD, name: 'id' },
    { ...FIELD, name: 'note', nullable: true },
  ],
} as unknown as ResourceSchema;

describe('a header row', () => {
  it('is taken in any order, without the columns that may be null', () => {
    expect(CsvColumns.of(['note', 'id'], SCHEMA).rowOf(['x', 'a'])).toEqual({ note: 'x', id: 'a' });
    expect(CsvColumns.of(['id'], SCHEMA).count).toBe(1);
  });

  it('is refused with every fault that it has, by name', () => {
    expect(() => CsvColumns.of(['note', '__proto__', 'note'], SCHEMA)).toThrow(
      'has columns that are no fields: "__proto__"; it has columns twice: "note"; it lacks columns: "id"',
    );
  });

  it('is refused at once however long it is', () => {
    // Not one string again and again, which would be compared by its address.
    const header = `${'x,'.repeat(200_000)}${'id,'.repeat(150_000)}id`.split(',');
    const begun = performance.now();
    expect(() => CsvColumns.of(header, SCHEMA)).toThrow('columns twice: "id", "id"');
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
