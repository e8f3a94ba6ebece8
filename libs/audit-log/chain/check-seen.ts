import type { Queryable } from '#database';
import { BrokenChain } from './chain-fault.js';
import type { CheckpointClaims, Place } from './checkpoint.js';

/**
 * What a checkpoint has seen must be there still, as it was.
 * @param heads of later than the checkpoint
 * @throws BrokenChain
 */
export async function checkSeen(
  queryable: Queryable,
  { number, heads: seen, anchors }: CheckpointClaims,
  heads: Record<string, Place>,
): Promise<void> {
  for (const [writer, { sequence, hash }] of Object.entries(seen)) {
    const head = heads[writer];
    if (!head || head.sequence < sequence) {
      const now = head ? `its head is ${head.sequence}` : 'the writer is gone';
      throw new BrokenChain(
        'newest_removed',
        `The newest events of writer ${writer} are missing: checkpoint ${number} has seen event ${sequence}, and ${now}.`,
        { writer, sequence: (head?.sequence ?? 0) + 1 },
      );
    }
    if (sequence <= (anchors[writer]?.sequence ?? 0)) continue;
    const { rows } = await queryable.query<{ id: string; hash: string | null }>(
      `SELECT id, encode(hash, 'hex') AS hash FROM audit_events WHERE writer = $1 AND sequence = $2 ORDER BY id LIMIT 1`,
      [writer, sequence],
    );
    if (rows[0]?.hash === hash) continue;
    const event = rows[0]?.id ?? null;
    throw new BrokenChain(
      'rewritten',
      `Event ${sequence} of writer ${writer} (${event ?? 'gone'}) is not the one that checkpoint ${number} has seen: the ` +
        'chain has been written anew, there or before.',
      { writer, sequence, event },
    );
  }
}
