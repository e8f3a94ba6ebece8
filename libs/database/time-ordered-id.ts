import { v7 } from 'uuid';
import { pooledRandomBytes } from '#oauth-protocol';

let msecs = 0;
let seq = 0;

/**
 * A UUID whose order is that of its making (RFC 9562 §5.7); within a millisecond, and where the clock
 * is set back, by a counter (§6.2, method 1).
 */
export function timeOrderedId(): string {
  const random = pooledRandomBytes(16);
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    seq = random.readUInt32BE() >>> 1;
  } else {
    seq = (seq + 1) >>> 0;
    if (seq === 0) msecs += 1;
  }
  return v7({ msecs, seq, random });
}

/** A UUID in the order of a time, to the millisecond, whatever the clock of the machine says. */
export function idInOrderOf(time: Date): string {
  return v7({ msecs: time.getTime(), random: pooledRandomBytes(16) });
}
