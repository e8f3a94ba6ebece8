import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GroupRead } from './group-read.js';
import { DatabaseBusyError } from './unavailable.js';

interface Read {
  keys: string[];
  /** Finds all but these. */
  finish: (...missing: string[]) => void;
  fail: (error: unknown) => void;
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Those that were begun, each finished from outside. */
let reads: Read[];
let group: GroupRead<string>;
const read = (keys: string[]) =>
  new Promise<[string, string][]>((resolve, reject) => {
    const rowsBut = (missing: string[]) => keys.filter((key) => !missing.includes(key)).toReversed();
    reads.push({
      keys,
      finish: (...missing) => resolve(rowsBut(missing).map((key) => [key, `row ${key}`])),
      fail: reject,
    });
  });

beforeEach(() => {
  reads = [];
  group = new GroupRead(read);
});

describe('a group read', () => {
  it('reads a key at once when it is alone', async () => {
    const found = group.find('a');
    await settled();
    expect(reads.map(({ keys }) => keys)).toEqual([['a']]);
    reads[0]!.finish();
    expect(await found).toBe('row a');
  });

  it('reads together what is asked for together, and each gets his own', async () => {
    const found = ['a', 'b', 'a', 'c'].map((key) => group.find(key));
    await settled();
    expect(reads.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
    reads[0]!.finish('b');
    expect(await Promise.all(found)).toEqual(['row a', undefined, 'row a', 'row c']);
  });

  it('answers who asks during a read by the next, for the same key too', async () => {
    const first = group.find('a');
    await settled();
    const rest = ['a', 'b'].map((key) => group.find(key));
    await settled();
    expect(reads.map(({ keys }) => keys)).toEqual([['a']]);
    reads[0]!.finish();
    expect(await first).toBe('row a');
    await settled();
    expect(reads.map(({ keys }) => keys)).toEqual([['a'], ['a', 'b']]);
    reads[1]!.finish('a');
    expect(await Promise.all(rest)).toEqual([undefined, 'row b']);
  });

  it('tells an error to those of its batch alone, and goes on', async () => {
    const failing = Promise.allSettled(['a', 'a', 'b'].map((key) => group.find(key)));
    await settled();
    const next = group.find('a');
    const refused = new Error('refused');
    reads[0]!.fail(refused);
    expect((await failing).map((result) => result.status === 'rejected' && result.reason)).toEqual([
      refused,
      refused,
      refused,
    ]);
    await settled();
    reads[1]!.finish();
    expect(await next).toBe('row a');
    const later = group.find('c');
    await settled();
    reads[2]!.finish();
    expect(await later).toBe('row c');
  });

  it('reads no more than its largest batch at once, and leaves out nobody', async () => {
    group = new GroupRead(read, 2);
    const found = ['a', 'b', 'c', 'a', 'd', 'e'].map((key) => group.find(key));
    for (let batch = 0; batch < 3; batch += 1) {
      await settled();
      reads[batch]!.finish();
    }
    expect(await Promise.all(found)).toEqual(['row a', 'row b', 'row c', 'row a', 'row d', 'row e']);
    expect(reads.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('turns away at once who comes while too many wait, for whatever key, and nobody later', async () => {
    group = new GroupRead(read, 200, 2);
    const first = group.find('a');
    await settled();
    const waiting = ['b', 'b'].map((key) => group.find(key));
    await expect(group.find('b')).rejects.toThrow(DatabaseBusyError);
    reads[0]!.finish();
    await first;
    await settled();
    const later = group.find('c');
    reads[1]!.finish();
    expect(await Promise.all(waiting)).toEqual(['row b', 'row b']);
    await settled();
    reads[2]!.finish();
    expect(await later).toBe('row c');
  });

  it('fails who waits with a read that was waited for in vain', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    try {
      const outcomes = Promise.allSettled([group.find('a')]);
      await settled();
      const waiting = Promise.allSettled([group.find('a'), group.find('b')]);
      now.mockReturnValue(1_001);
      reads[0]!.fail(new Error('Query read timeout'));
      const all = [...(await outcomes), ...(await waiting)];
      expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect(reads).toHaveLength(1);
    } finally {
      now.mockRestore();
    }
  });
});
