/** The channel on which the database tells of changes; see the migration that notifies of them. */
export const CHANNEL = 'postern_changes';

/** What is remembered, and by what key the database says that it changed. */
export type ChangeKind =
  /** By `token_hash`, as PostgreSQL writes a bytea. */
  | 'access-token'
  /** By the client row's id. */
  | 'client'
  /** A client together with its secrets, by `client_id`. */
  | 'client-credentials'
  /** By the person's id. */
  | 'operator'
  /** The count of failed authentications has reached a limit, by its key. */
  | 'failures';

/** What is remembered of one kind, for who looks after it. */
export interface CacheFigures {
  readonly kind: ChangeKind;
  readonly size: number;
  readonly hits: number;
  readonly misses: number;
}

/** Told the key of what changed; undefined: it may have been anything. */
export type ChangeListener = (key: string | undefined) => void;

/**
 * What the database says has changed, on this instance or another, or by hand. Whoever remembers
 * rows forgets by it, and trusts what he remembers only while it is live.
 */
export abstract class ChangeFeed {
  /** Whatever trusts it. */
  readonly caches: CacheFigures[] = [];
  private readonly listeners = new Map<string, ChangeListener[]>();

  /** Whether every change that was committed a second ago has been heard of. */
  abstract get isLive(): boolean;

  /** Resolves when what this instance has committed has been heard, or nothing is trusted any more. */
  abstract settle(): Promise<void>;

  on(kind: ChangeKind, listener: ChangeListener): void {
    this.listeners.set(kind, [...(this.listeners.get(kind) ?? []), listener]);
  }

  /** @param payload `kind:key`, or `kind` alone: it may have been any */
  protected tell(payload: string): void {
    const [kind] = payload.split(':', 1) as [string];
    const key = kind === payload ? undefined : payload.slice(kind.length + 1);
    for (const listener of this.listeners.get(kind) ?? []) listener(key);
  }

  /** Something may have been missed. */
  protected tellAll(): void {
    for (const listener of [...this.listeners.values()].flat()) listener(undefined);
  }
}
