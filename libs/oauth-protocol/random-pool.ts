import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8192;

const pool = Buffer.alloc(POOL_BYTES);
let taken = POOL_BYTES;

/**
 * Random bytes of the system's generator, fetched many at a time, as each fetch is a system call.
 * What was taken leaves no trace in the pool.
 * @param size up to 256
 */
export function pooledRandomBytes(size: number): Buffer {
  if (taken + size > POOL_BYTES) {
    randomFillSync(pool);
    taken = 0;
  }
  const bytes = Buffer.from(pool.subarray(taken, taken + size));
  pool.fill(0, taken, taken + size);
  taken += size;
  return bytes;
}
