import { describe, expect, it } from '@jest/globals';
import { copyLine } from './copy-text.js';

describe('copyLine', () => {
  it.each<[string, unknown[], string]>([
    ['plain values', ['a', 1, true, null], 'a\t1\ttrue\t\\N\n'],
    ['what COPY gives a meaning', ['a\tb\nc\rd\\N'], 'a\\tb\\nc\\rd\\\\N\n'],
    ['empty text, which is not null', [''], '\n'],
    [
      'lists',
      [['a b', 'c"d', 'e\\f', 'NULL'], [1, 2], []],
      '{"a b","c\\\\"d","e\\\\\\\\f","NULL"}\t{1,2}\t{}\n',
    ],
  ])('writes %s', (_, row, line) => {
    expect(copyLine(row)).toBe(line);
  });
});
