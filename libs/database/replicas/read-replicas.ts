import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Tracing } from '#observability';
import type { PoolFigures } from '../pool/pool-figures.js';
import type { ReadSource } from '../pool/pooled-queries.js';
import type { QueryResult } from '../queryable.js';
import { isDatabaseUnavailable } from '../unavailable.js';
import { LogPositions } from './log-positions.js';
import { Replica } from './replica.js';
import { STANDING, type Standing } from './standing.js';
import { WatchingConnection } from './watching-connection.js';

/** How often primary and replicas are looked at, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** A replica that has missed what was committed longer ago than this is left out, in milliseconds. */
const TOO_FAR_BEHIND_MS = 5_000;

/**
 * Where reads go that may be seconds old: to each replica that is current enough in turn, and to the
 * primary where there is none.
 * @see docs/decisions/0025-replicas-that-are-current-enough.md
 */
export class ReadReplicas implements OnModuleInit, OnApplicationShutdown {
  private readonly replicas: Replica[];
  private readonly watching: WatchingConnection;
  private readonly positions = new LogPositions(TOO_FAR_BEHIND_MS);
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private warned = false;
  private closed = false;
  private turn = 0;

  /**
   * @param urls of the replicas
   * @param poolMax connections to each at most, beside the one that looks at it
   */
  constructor(
    private readonly primary: ReadSource,
    primaryUrl: string,
    urls: readonly string[],
    poolMax: number,
    tracing: Tracing,
  ) {
    this.watching = new WatchingConnection(primaryUrl);
    this.replicas = urls.map((url, index) => new Replica(`replica ${index + 1}`, url, poolMax, tracing));
  }

  /** Of those that are read from. */
  pools(): PoolFigures[] {
    return this.replicas.flatMap(({ pool }) => pool ?? []);
  }

  /** Whether each is read from, by its name. */
  inUse(): [string, boolean][] {
    return this.replicas.map(({ name, reads }) => [name, reads !== undefined]);
  }

  /** For all reads of one request: what it has seen once, it does not see older again. */
  reader(): ReadSource {
    const current = this.replicas.filter(({ reads }) => reads);
    if (current.length === 0) return this.primary;
    this.turn = (this.turn + 1) % current.length;
    return new ReplicaReader(current[this.turn]!, this.primary, () => void this.look());
  }

  /** A start does not wait for replicas. */
  onModuleInit(): void {
    if (this.replicas.length === 0) return;
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
    void this.look();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.closed = true;
    this.close();
  }

  private close(): void {
    this.watching.close();
    for (const replica of this.replicas) replica.close();
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const at = performance.now();
      const primary = await this.watching.ask<Standing>(STANDING);
      this.positions.add(at, BigInt(primary.position));
      await Promise.all(this.replicas.map((replica) => replica.check(primary, this.positions)));
    } catch (error) {
      // While the primary does not answer, nothing is known of how far behind the others are.
      if (!isDatabaseUnavailable(error)) this.warnOnce();
    } finally {
      this.looking = false;
      // It was under way, and has opened what was closed.
      if (this.closed) this.close();
    }
  }

  private warnOnce(): void {
    if (!this.warned)
      new Logger('Replicas').warn('No replica is read from: the primary does not say where its log is.');
    this.warned = true;
  }
}

/** Reads from one replica, and from the primary from when that failed. */
class ReplicaReader implements ReadSource {
  constructor(
    private readonly replica: Replica,
    private readonly primary: ReadSource,
    private readonly doubt: () => void,
  ) {}

  private failed = false;

  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<QueryResult<Row>> {
    return this.read((source) => source.query<Row>(sql, parameters));
  }

  queryAgain<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<QueryResult<Row>> {
    return this.read((source) => source.queryAgain<Row>(sql, parameters));
  }

  private async read<Result>(ask: (source: ReadSource) => Promise<Result>): Promise<Result> {
    const { reads } = this.replica;
    if (this.failed || !reads) {
      this.failed = true;
      return ask(this.primary);
    }
    try {
      return await ask(reads);
    } catch {
      // Down, or it gave the statement up for what it has to replay; a statement that is at fault fails again.
      this.failed = true;
      this.doubt();
      return ask(this.primary);
    }
  }
}
