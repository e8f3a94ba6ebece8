import { describe, expect, it } from '@jest/globals';
import type { ResourceSchema } from '#http-api';
import { RowCheck } from './row-check.js';

const FIELD = { kind: 'text', nullable: false, readOnly: false, maxLength: 256 } as const;
const SCHEMA = {
  name: 'things',
  fields: [
    { ...FIELD, name: 'id' },
    { ...FIELD, name: 'result', nullable: true, values: ['good', 'bad'] },
  ],
} as unknown as ResourceSchema;

describe('the check of a row', () => {
  const check = new RowCheck(SCHEMA);

  it('makes null of a field that is absent', () => {
    expect(check.check({ id: 'a' })).toEqual({ row: { id: 'a', result: null } });
  });

  it('names null among the values of a field that takes it', () => {
    expect(check.check({ id: 'a', result: 'odd' })).toEqual({
      faults: [{ field: 'result', message: 'must be one of good, bad, null' }],
    });
  });
});
