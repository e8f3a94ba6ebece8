/** What can be wrong with the audit log. */
export const FAULT_KINDS = [
  'altered',
  'missing',
  'relinked',
  'inserted',
  'newest_removed',
  'rewritten',
  'unchained',
  'checkpoint',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** The first thing that is wrong. */
export interface ChainFault {
  kind: FaultKind;
  /** In words. */
  message: string;
  /** The chain that it is in, and the place in it. */
  writer: string | null;
  sequence: number | null;
  /** The event that it was seen at, which may be the one after it. */
  event: string | null;
}

/** Ends a verification: what comes after the first fault means nothing. */
export class BrokenChain extends Error {
  readonly fault: ChainFault;

  constructor(kind: FaultKind, message: string, place: Partial<Omit<ChainFault, 'kind' | 'message'>> = {}) {
    super(message);
    this.fault = { kind, message, writer: null, sequence: null, event: null, ...place };
  }
}
