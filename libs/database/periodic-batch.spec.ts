import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PeriodicBatch } from './periodic-batch.js';

describe('a periodic batch', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  function collecting(options: ConstructorParameters<typeof PeriodicBatch<string, number>>[1] = {}) {
    const writes: [string, number][][] = [];
    const failures: Error[] = [];
    const batch = new PeriodicBatch<string, number>(async (entries) => {
      const failure = failures.shift();
      if (failure) throw failure;
      writes.push(entries);
    }, options);
    return { batch, writes, failures };
  }

  it('writes the latest value of each key, once a period', async () => {
    const { batch, writes } = collecting({ periodMs: 1000 });
    batch.note('a', 1);
    batch.note('b', 2);
    batch.note('a', 3);
    await jest.advanceTimersByTimeAsync(999);
    expect(writes).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(writes).toEqual([
      [
        ['a', 3],
        ['b', 2],
      ],
    ]);
    await jest.advanceTimersByTimeAsync(5000);
    expect(writes).toHaveLength(1);
    await batch.close();
  });

  it('tries a write that failed again with the next one; what was noted since wins', async () => {
    const { batch, writes, failures } = collecting({ periodMs: 1000 });
    failures.push(new Error('not now'));
    batch.note('a', 1);
    batch.note('b', 1);
    await jest.advanceTimersByTimeAsync(1000);
    expect(writes).toEqual([]);
    batch.note('a', 2);
    await jest.advanceTimersByTimeAsync(1000);
    expect(writes).toEqual([
      [
        ['a', 2],
        ['b', 1],
      ],
    ]);
    await batch.close();
  });

  it('adds values up where it is told to, those of a write that failed too', async () => {
    const { batch, writes, failures } = collecting({
      periodMs: 1000,
      merge: (known, later) => known + later,
    });
    failures.push(new Error('not now'));
    for (const value of [1, 2]) batch.note('a', value);
    await jest.advanceTimersByTimeAsync(1000);
    batch.note('a', 4);
    batch.note('b', 8);
    await jest.advanceTimersByTimeAsync(1000);
    batch.note('a', 16);
    await batch.close();
    expect(writes).toEqual([
      [
        ['a', 7],
        ['b', 8],
      ],
      [['a', 16]],
    ]);
  });

  it('writes what is left when it is closed, and nothing after', async () => {
    const { batch, writes } = collecting({ periodMs: 1000 });
    batch.note('a', 1);
    await batch.close();
    expect(writes).toEqual([[['a', 1]]]);
    batch.note('a', 2);
    await jest.advanceTimersByTimeAsync(5000);
    expect(writes).toHaveLength(1);
  });

  it('closes although the last write fails, with a warning', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { batch, failures } = collecting({ periodMs: 1000 });
    failures.push(new Error('not now'));
    batch.note('a', 1);
    await batch.close();
    expect(warn).toHaveBeenCalledWith('1 values were not stored: not now');
  });

  it('does one write at a time', async () => {
    let running = 0;
    let most = 0;
    const batch = new PeriodicBatch<string, number>(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    });
    batch.note('a', 1);
    const first = batch.flush();
    batch.note('a', 2);
    await Promise.all([first, batch.flush()]);
    expect(most).toBe(1);
    await batch.close();
  });
});
