import { afterAll, expect, it } from '@jest/globals';
import { HashingThread, type HashingJob } from './hashing-thread.js';

const thread = new HashingThread();
afterAll(() => thread.end());

it('hashes on after an error, at once', async () => {
  const bad = { plain: 1, hash: 2 } as unknown as HashingJob;
  await expect(thread.run(bad)).rejects.toThrow('must be a string');
  const hash = (await thread.run({ plain: 'a', cost: 4 })) as string;
  expect(await thread.run({ plain: 'a', hash })).toBe(true);
});
