import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { ListDefinition, SortColumn } from './list-definition.js';

const NAME: SortColumn = { expression: 'name', kind: 'text', key: 'name', nullable: true };
const AT: SortColumn = { expression: 'at', kind: 'time', key: 'at' };
const SIZE: SortColumn = { expression: 'size', kind: 'number', key: 'size' };
const ACTIVE: SortColumn = { expression: 'active', kind: 'boolean', key: 'active' };
const ID: SortColumn = { expression: 'id', kind: 'text', key: 'id' };

const LIST: ListDefinition = {
  name: 'things',
  select: '*',
  from: 'things',
  id: ID,
  sortable: { name: NAME, at: AT, size: SIZE, active: ACTIVE },
  defaultSort: 'name',
  filters: [],
};

describe('a cursor', () => {
  it('gives back the position that it was made of', () => {
    fc.assert(
      fc.property(
        fc.option(fc.string({ unit: 'grapheme' })).filter((value) => !value?.includes('\u0000')),
        fc.string().filter((id) => !id.includes('\u0000')),
        fc.string(),
        (value, id, binding) => {
          const cursor = encodeCursor({ value, id }, binding);
          expect(decodeCursor(cursor, binding, LIST, NAME)).toEqual({ value, id });
        },
      ),
    );
  });

  it('needs no escaping in a URL', () => {
    const cursor = encodeCursor({ value: 'ä?&=+/ %', id: '#' }, 'binding');
    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  it('keeps a time to the millisecond', () => {
    const cursor = encodeCursor({ value: new Date('2026-01-31T12:00:00.123Z'), id: 'a' }, 'binding');
    expect(decodeCursor(cursor, 'binding', LIST, AT)).toEqual({ value: '2026-01-31T12:00:00.123Z', id: 'a' });
  });

  it('is refused when one character is another', () => {
    const cursor = encodeCursor({ value: 'server', id: 'a1' }, 'binding');
    for (let position = 0; position < cursor.length; position += 1) {
      const other = cursor[position] === 'A' ? 'B' : 'A';
      const altered = cursor.slice(0, position) + other + cursor.slice(position + 1);
      expect(decodeCursor(altered, 'binding', LIST, NAME)).toBeUndefined();
    }
  });

  it('is refused by another query', () => {
    const cursor = encodeCursor({ value: 'server', id: 'a1' }, 'binding');
    expect(decodeCursor(cursor, 'another binding', LIST, NAME)).toBeUndefined();
  });

  it('is refused where its value is not of the sort column', () => {
    const text = encodeCursor({ value: 'server', id: 'a1' }, 'binding');
    for (const column of [AT, SIZE, ACTIVE]) {
      expect(decodeCursor(text, 'binding', LIST, column)).toBeUndefined();
    }
    const number = encodeCursor({ value: 5, id: 'a1' }, 'binding');
    expect(decodeCursor(number, 'binding', LIST, SIZE)).toEqual({ value: 5, id: 'a1' });
    expect(decodeCursor(number, 'binding', LIST, NAME)).toBeUndefined();
  });

  it.each(['', '.', 'a', 'a.', '.a', 'a.b', 'a.b.c', '%00.x', 'W10.AAAAAAAAAAAAAAAA'])(
    'is refused as %j',
    (text) => {
      expect(decodeCursor(text, 'binding', LIST, NAME)).toBeUndefined();
    },
  );

  it('is refused as any text of somebody else', () => {
    fc.assert(fc.property(fc.string(), (text) => decodeCursor(text, 'binding', LIST, NAME) === undefined));
  });
});
