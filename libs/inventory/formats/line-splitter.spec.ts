import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineSplitter } from './line-splitter.js';

function split(chunks: Buffer[], maxLineBytes = 1000): [number, string | undefined][] {
  const splitter = new LineSplitter(maxLineBytes);
  const lines = [...chunks.flatMap((chunk) => [...splitter.push(chunk)]), ...splitter.end()];
  return lines.map(({ number, bytes }) => [number, bytes?.toString()]);
}

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are cut into chunks', () => {
    const text = fc
      .array(fc.constantFrom('a', 'é', '\n', '\r\n', ' ', '\uFEFF', 'xyz'))
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(text, fc.array(fc.nat(20)), (bytes, cuts) => {
        const chunks: Buffer[] = [];
        let rest = bytes;
        for (const cut of cuts) {
          chunks.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        expect(split([...chunks, rest], 8)).toEqual(split([bytes], 8));
      }),
    );
  });

  it('counts blank lines, and does not give them out', () => {
    expect(split([Buffer.from('a\n\n \t\r\nb\r\n')])).toEqual([
      [1, 'a'],
      [4, 'b'],
    ]);
  });

  it('takes a byte-order mark away at the very start alone', () => {
    expect(split([Buffer.from('\uFEFFa\n\uFEFFb')])).toEqual([
      [1, 'a'],
      [2, '\uFEFFb'],
    ]);
  });

  it('gives out a line that is too long without its bytes, and the next one whole', () => {
    expect(split([Buffer.from('12345'), Buffer.from('6789\nab\n')], 8)).toEqual([
      [1, undefined],
      [2, 'ab'],
    ]);
  });
});
