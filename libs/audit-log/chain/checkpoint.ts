/** A place in a writer's chain. */
export interface Place {
  sequence: number;
  /** In hexadecimal. */
  hash: string;
}

/** Where a chain begins since what came before was dropped. */
export interface Anchor extends Place {
  /** What is from before that, and was not dropped with it: clocks and months do not go by the sequence. */
  kept: Place[];
}

/** What a checkpoint says, and signs. */
export interface CheckpointClaims {
  number: number;
  /** Seconds since 1970. */
  iat: number;
  /** SHA-256 of the checkpoint before it, as it was signed, in hexadecimal. */
  previous: string | null;
  /** By writer: the last event that there was. */
  heads: Record<string, Place>;
  /** By writer; only of those that something was dropped of. */
  anchors: Record<string, Anchor>;
  /** Events from before there were chains. */
  unchained: number;
}

export const BEGINNING: Place = { sequence: 0, hash: '00'.repeat(32) };
