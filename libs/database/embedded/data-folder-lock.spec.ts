import { link, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFolderInUseError, DataFolderLock } from './data-folder-lock.js';

describe('the lock of a data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const names = () => readdir(join(folder, 'run'));

  /** Leaves what `kill -9` leaves: a socket that nobody listens on. */
  async function leaveDeadLock(): Promise<void> {
    const path = join(folder, 'run', 'lock');
    const lock = await DataFolderLock.acquire(folder);
    await link(path, `${path}.saved`);
    await lock.release();
    await rename(`${path}.saved`, path);
  }

  it('is held by one, and free again when it is released', async () => {
    const lock = await DataFolderLock.acquire(folder);
    await expect(DataFolderLock.acquire(folder)).rejects.toThrow(DataFolderInUseError);
    await expect(DataFolderLock.acquire(folder)).rejects.toThrow(folder);
    expect(await names()).toEqual(['lock']);
    await lock.release();
    expect(await names()).toEqual([]);
    await (await DataFolderLock.acquire(folder)).release();
  });

  it('takes the place of a dead one at once', async () => {
    await leaveDeadLock();
    expect(await names()).toEqual(['lock']);
    const lock = await DataFolderLock.acquire(folder);
    await expect(DataFolderLock.acquire(folder)).rejects.toThrow(DataFolderInUseError);
    await lock.release();
  });

  it.each([false, true])(
    'goes to exactly one of two that ask together (after a dead one: %s)',
    async (dead) => {
      for (let round = 0; round < 50; round += 1) {
        if (dead) await leaveDeadLock();
        const results = await Promise.allSettled([0, 1].map(() => DataFolderLock.acquire(folder)));
        const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
        expect(winners).toHaveLength(1);
        expect(refusals).toEqual([expect.any(DataFolderInUseError)]);
        await expect(DataFolderLock.acquire(folder)).rejects.toThrow(DataFolderInUseError);
        await winners[0]!.release();
      }
    },
  );

  it('says so when the path is too long for a socket', async () => {
    const deep = join(folder, 'x'.repeat(100));
    await expect(DataFolderLock.acquire(deep)).rejects.toThrow(
      'POSTERN_DATA_DIR takes a folder with a shorter path',
    );
  });
});
