import { beforeEach, describe, expect, it } from '@jest/globals';
import { CachedRecords } from './cached-records.js';
import { ChangeFeed } from './change-feed.js';

/** A feed whose changes are told by hand. */
class ManualFeed extends ChangeFeed {
  isLive = true;
  async settle(): Promise<void> {}
  change = (payload: string) => this.tell(payload);
  missed = () => this.tellAll();
}

interface Row {
  version: number;
}

interface Load {
  key: string;
  finish: (row: Row | undefined) => void;
  fail: (error: unknown) => void;
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

let feed: ManualFeed;
/** Those that were begun, each finished from outside. */
let loads: Load[];
let records: CachedRecords<Row>;
const load = (key: string) =>
  new Promise<Row | undefined>((finish, fail) => void loads.push({ key, finish, fail }));

beforeEach(() => {
  feed = new ManualFeed();
  loads = [];
  records = new CachedRecords(feed, 'client', 2, load);
});

/** Asks for a key and answers the load, where one is begun. */
async function found(key: string, row: Row | undefined): Promise<Row | undefined> {
  const before = loads.length;
  const asked = records.find(key);
  await settled();
  loads[before]?.finish(row);
  return asked;
}

describe('remembered records', () => {
  it('are asked for once', async () => {
    const row = { version: 1 };
    expect(records.known('a')).toBeUndefined();
    expect(await found('a', row)).toBe(row);
    expect(await found('a', { version: 2 })).toBe(row);
    expect(records.known('a')).toBe(row);
    expect(loads.map(({ key }) => key)).toEqual(['a']);
  });

  it('are not those that are not there', async () => {
    expect(await found('a', undefined)).toBeUndefined();
    const row = { version: 1 };
    expect(await found('a', row)).toBe(row);
    expect(loads).toHaveLength(2);
  });

  it('are one question of many at once, and one for each key', async () => {
    const asked = [records.find('a'), records.find('b'), records.find('a'), records.find('a')];
    await settled();
    expect(loads.map(({ key }) => key)).toEqual(['a', 'b']);
    const [a, b] = [{ version: 1 }, { version: 2 }];
    loads[0]!.finish(a);
    loads[1]!.finish(b);
    expect(await Promise.all(asked)).toEqual([a, b, a, a]);
  });

  it('are as many as may be, and those last asked for', async () => {
    for (const key of ['a', 'b']) await found(key, { version: 1 });
    records.known('a');
    await found('c', { version: 1 });
    expect(['a', 'b', 'c'].filter((key) => records.known(key))).toEqual(['a', 'c']);
  });

  it('are none where none may be', async () => {
    records = new CachedRecords(feed, 'client', 0, load);
    await found('a', { version: 1 });
    expect(records.known('a')).toBeUndefined();
    const asked = [records.find('a'), records.find('a')];
    await settled();
    expect(loads).toHaveLength(3);
    loads[1]!.finish({ version: 2 });
    loads[2]!.finish({ version: 3 });
    expect(await Promise.all(asked)).toEqual([{ version: 2 }, { version: 3 }]);
  });

  it('do not include what could not be read, and all who waited are told why', async () => {
    const asked = Promise.allSettled([records.find('a'), records.find('a')]);
    await settled();
    const gone = new Error('gone');
    loads[0]!.fail(gone);
    expect((await asked).map((result) => result.status === 'rejected' && result.reason)).toEqual([
      gone,
      gone,
    ]);
    const row = { version: 1 };
    expect(await found('a', row)).toBe(row);
    expect(loads).toHaveLength(2);
  });

  it('give their place to others when told to', async () => {
    await found('a', { version: 1 });
    records.evict('a');
    expect(records.known('a')).toBeUndefined();
  });
});

describe('a change', () => {
  it('is of the key that it names, and of its kind', async () => {
    for (const key of ['a', 'b:c']) await found(key, { version: 1 });
    feed.change('operator:a');
    feed.change('client:c');
    feed.change('client-credentials:a');
    expect(records.known('a')).toEqual({ version: 1 });
    feed.change('client:b:c');
    expect(records.known('b:c')).toBeUndefined();
    expect(records.known('a')).toEqual({ version: 1 });
    feed.change('client:a');
    expect(records.known('a')).toBeUndefined();
  });

  it.each([
    ['of its kind', () => feed.change('client')],
    ['when something was missed', () => feed.missed()],
  ])('may be of any %s', async (_, happens) => {
    for (const key of ['a', 'b']) await found(key, { version: 1 });
    feed.change('operator');
    expect(records.known('a')).toEqual({ version: 1 });
    happens();
    expect(['a', 'b'].filter((key) => records.known(key))).toEqual([]);
  });

  for (const [what, happens] of [
    ['of the key', () => feed.change('client:a')],
    ['of one that nothing is known of', () => feed.missed()],
  ] as const) {
    it(`${what} keeps what was read before it from being remembered`, async () => {
      const asked = records.find('a');
      await settled();
      happens();
      loads[0]!.finish({ version: 1 });
      expect(await asked).toEqual({ version: 1 });
      expect(records.known('a')).toBeUndefined();
      expect(await found('a', { version: 2 })).toEqual({ version: 2 });
      expect(records.known('a')).toEqual({ version: 2 });
    });

    it(`${what} makes a question of its own of who asks after it`, async () => {
      const before = records.find('a');
      await settled();
      happens();
      const after = [records.find('a'), records.find('a')];
      await settled();
      expect(loads).toHaveLength(2);
      loads[1]!.finish({ version: 2 });
      expect(await Promise.all(after)).toEqual([{ version: 2 }, { version: 2 }]);
      // The older one comes later, and changes nothing.
      loads[0]!.finish({ version: 1 });
      expect(await before).toEqual({ version: 1 });
      expect(records.known('a')).toEqual({ version: 2 });
    });
  }

  it('leaves those who asked after it together, when the older question ends first', async () => {
    const before = records.find('a');
    await settled();
    feed.change('client:a');
    const after = [records.find('a')];
    loads[0]!.finish({ version: 1 });
    await before;
    after.push(records.find('a'));
    await settled();
    expect(loads).toHaveLength(2);
    loads[1]!.finish({ version: 2 });
    expect(await Promise.all(after)).toEqual([{ version: 2 }, { version: 2 }]);
  });
});

describe('while the feed is not live', () => {
  it('nothing that was remembered is trusted', async () => {
    await found('a', { version: 1 });
    feed.isLive = false;
    expect(records.known('a')).toBeUndefined();
    expect(await found('a', { version: 2 })).toEqual({ version: 2 });
  });

  it('nothing is remembered, and everybody asks for himself', async () => {
    feed.isLive = false;
    const asked = [records.find('a'), records.find('a')];
    await settled();
    expect(loads).toHaveLength(2);
    for (const { finish } of loads) finish({ version: 1 });
    await Promise.all(asked);
    feed.isLive = true;
    expect(records.known('a')).toBeUndefined();
  });

  it('nobody joins a question of when it was', async () => {
    const before = records.find('a');
    await settled();
    feed.isLive = false;
    const after = records.find('a');
    await settled();
    expect(loads).toHaveLength(2);
    loads[1]!.finish({ version: 2 });
    expect(await after).toEqual({ version: 2 });
    loads[0]!.finish({ version: 1 });
    await before;
    expect(records.known('a')).toBeUndefined();
  });

  it('a change is heard of when it comes after all', async () => {
    await found('a', { version: 1 });
    feed.isLive = false;
    feed.change('client:a');
    feed.isLive = true;
    expect(records.known('a')).toBeUndefined();
  });
});
