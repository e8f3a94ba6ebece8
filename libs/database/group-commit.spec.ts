import { describe, expect, it, jest } from '@jest/globals';
import { GroupCommit } from './group-commit.js';
import { DatabaseBusyError } from './unavailable.js';

/** A write that is finished from outside. */
function controlledWrites<Item>() {
  const writes: { items: Item[]; finish: () => void; fail: (error: unknown) => void }[] = [];
  const write = (items: Item[]) =>
    new Promise<void>((resolve, reject) => writes.push({ items, finish: resolve, fail: reject }));
  return { writes, write };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a group commit', () => {
  it('writes together what is added together', async () => {
    const batches: number[][] = [];
    const commit = new GroupCommit<number>(async (items) => void batches.push(items));
    await Promise.all([1, 2, 3].map((item) => commit.add(item)));
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('lets what arrives during a write wait for the next one, in order', async () => {
    const { writes, write } = controlledWrites<number>();
    const commit = new GroupCommit<number>(write);
    const first = commit.add(1);
    await settled();
    const rest = [2, 3].map((item) => commit.add(item));
    await settled();
    expect(writes.map(({ items }) => items)).toEqual([[1]]);
    writes[0]!.finish();
    await first;
    await settled();
    expect(writes.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    writes[1]!.finish();
    await Promise.all(rest);
  });

  it('resolves an item only when it is written', async () => {
    const { writes, write } = controlledWrites<number>();
    const commit = new GroupCommit<number>(write);
    let durable = false;
    const added = commit.add(1).then(() => (durable = true));
    await settled();
    expect(durable).toBe(false);
    writes[0]!.finish();
    await added;
    expect(durable).toBe(true);
  });

  it('writes no more than its largest batch at once', async () => {
    const batches: number[][] = [];
    const commit = new GroupCommit<number>(async (items) => void batches.push(items), { maxBatch: 2 });
    await Promise.all([1, 2, 3, 4, 5].map((item) => commit.add(item)));
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('fails one bad item alone', async () => {
    const stored: number[] = [];
    const commit = new GroupCommit<number>(async (items) => {
      if (items.includes(13)) throw new Error('13 is refused');
      stored.push(...items);
    });
    const results = await Promise.allSettled([1, 13, 2].map((item) => commit.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(stored).toEqual([1, 2]);
    await commit.add(3);
    expect(stored).toEqual([1, 2, 3]);
  });

  it('fails a batch as a whole, by one attempt, when the database does not answer', async () => {
    let attempts = 0;
    const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const commit = new GroupCommit<number>(async () => {
      attempts += 1;
      throw gone;
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => commit.add(item)));
    expect(results.map((result) => result.status === 'rejected' && result.reason)).toEqual([
      gone,
      gone,
      gone,
    ]);
    expect(attempts).toBe(1);
  });

  it('begins a second batch while the first is being written, once it is worth one, and no third', async () => {
    const { writes, write } = controlledWrites<number>();
    const commit = new GroupCommit<number>(write);
    const added = [commit.add(0)];
    await settled();
    for (let item = 1; item <= 16; item += 1) added.push(commit.add(item));
    await settled();
    for (let item = 17; item <= 40; item += 1) added.push(commit.add(item));
    await settled();
    expect(writes.map(({ items }) => items.length)).toEqual([1, 16]);
    writes[1]!.finish();
    await settled();
    expect(writes.map(({ items }) => items.length)).toEqual([1, 16, 24]);
    for (const { finish } of writes) finish();
    await Promise.all(added);
  });

  it('leaves nobody behind who comes as a batch ends', async () => {
    const commit = new GroupCommit<number>(async () => {});
    for (let item = 0; item < 50; item += 1) {
      await commit.add(item);
      for (let turn = 0; turn < item % 5; turn += 1) await Promise.resolve();
    }
  });

  it('turns away at once who comes while too many wait, and nobody once they are written', async () => {
    const { writes, write } = controlledWrites<number>();
    const commit = new GroupCommit<number>(write, { maxWaiting: 3 });
    const first = commit.add(0);
    await settled();
    const waiting = [1, 2, 3].map((item) => commit.add(item));
    await expect(commit.add(4)).rejects.toThrow(DatabaseBusyError);
    writes[0]!.finish();
    await first;
    await settled();
    const later = commit.add(5);
    writes[1]!.finish();
    await Promise.all(waiting);
    await settled();
    writes[2]!.finish();
    await later;
    expect(writes.map(({ items }) => items)).toEqual([[0], [1, 2, 3], [5]]);
  });

  it.each([
    { after: 1_001, attempts: 1, what: 'fails who waits with a statement that was waited for in vain' },
    { after: 10, attempts: 2, what: 'tries again for who waits when a statement fails at once' },
  ])('$what', async ({ after, attempts }) => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    try {
      const { writes, write } = controlledWrites<number>();
      const commit = new GroupCommit<number>(write);
      const results = Promise.allSettled([commit.add(0)]);
      await settled();
      const waiting = commit.add(1);
      const outcome = waiting.then(
        () => 'written',
        (error: Error) => error.message,
      );
      now.mockReturnValue(after);
      writes[0]!.fail(new Error('Query read timeout'));
      await results;
      await settled();
      expect(writes).toHaveLength(attempts);
      writes[1]?.finish();
      expect(await outcome).toBe(attempts === 1 ? 'Query read timeout' : 'written');
    } finally {
      now.mockRestore();
    }
  });
});
