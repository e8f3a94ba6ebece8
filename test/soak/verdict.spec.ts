import { describe, expect, it } from '@jest/globals';
import { flatness, growth } from './verdict.js';
import type { Sample } from './watch.js';

/** A server's heap by the sample, with noise; all else stands still. */
function samplesOf(heapMb: (index: number) => number): Sample[] {
  return Array.from({ length: 60 }, (_, index) => ({
    at: index * 10,
    instance: 0,
    rssMb: 200,
    heapMb: heapMb(index) + (index % 2),
    handles: 30,
    delayP99: 10,
    delayMax: 20,
  }));
}

const holds = (samples: Sample[]) =>
  Object.fromEntries(flatness(samples, 0).map(({ what, holds: isHeld }) => [what.split(' ')[0], isHeld]));

describe('the verdict of a soak', () => {
  it('measures growth by the line through all points', () => {
    expect(
      growth([
        [0, 5],
        [10, 6],
        [20, 7],
      ]),
    ).toBeCloseTo(2);
  });

  it('calls memory flat that stands still with noise, or grew while it was warmed up alone', () => {
    expect(holds(samplesOf(() => 60))).toEqual({ heapMb: true, rssMb: true, handles: true });
    expect(holds(samplesOf((index) => Math.min(40 + 2 * index, 60)))).toMatchObject({ heapMb: true });
  });

  it('sees a slow leak', () => {
    expect(holds(samplesOf((index) => 60 + 0.2 * index))).toEqual({
      heapMb: false,
      rssMb: true,
      handles: true,
    });
  });
});
