import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { timeOrderedId } from './time-ordered-id.js';

/** Later than any clock that was read before: what was given out last lies behind it. */
let latest = Date.now() + 1000;

/** As many ids as the clock is read, at these distances in milliseconds from the first. */
function idsAt(distances: number[]): string[] {
  const from = latest;
  latest += Math.max(...distances) + 1;
  const clock = jest.spyOn(Date, 'now');
  return distances.map((distance) => {
    clock.mockReturnValue(from + distance);
    return timeOrderedId();
  });
}

const millisecondsOf = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

describe('a time-ordered id', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('begins with the milliseconds of its making, has version 7 and the variant of the RFC', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (distance) => {
        const from = latest;
        const [id] = idsAt([distance]);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(millisecondsOf(id!)).toBe(from + distance);
      }),
    );
  });

  it('comes after all before it, whether the clock stands, goes on or is set back', () => {
    const distances = fc.array(fc.oneof(fc.constant(0), fc.nat(3), fc.nat(100_000)), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(distances, (readings) => {
        const ids = idsAt(readings);
        expect(ids).toEqual([...ids].sort());
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('is one of its own, of very many within a millisecond, and cannot be told from the one before', () => {
    const ids = idsAt(Array<number>(20_000).fill(0));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([...ids].sort());
    // 40 random bits each: two may meet, more will not.
    expect(new Set(ids.map((id) => id.slice(-10))).size).toBeGreaterThan(ids.length - 5);
  });
});
