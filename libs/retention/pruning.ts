import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Configuration } from '#configuration';
import { Database } from '#database';
import { Clock } from '#http-api';
import { PruningFigures } from './pruning-figures.js';
import { retentionRules, type RetentionRule } from './retention-rules.js';

/** One number for the lock under which one instance prunes, however many there are. */
const PRUNING_LOCK = 7_067_861_179;
const EVERY_MS = 60 * 1000;
/** Rests after a batch, as multiples of the time that it took: the database is there for the others. */
const REST = 3;
/** Rows that are over, of one table, beyond which the figures count no further. */
const COUNTED = 10_000;

interface Batch {
  removed: number;
  /** When the last of them ended: what comes before it is gone. */
  until: Date;
}

/**
 * Removes rows that are over for longer than they are kept (`retentionRules`), in small batches.
 * Every instance looks once a minute. Each batch is taken under one lock that nobody waits for: who
 * finds it taken leaves the work to the other. A row that somebody holds is left to the next time.
 */
@Injectable()
export class Pruning implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Pruning');
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
    private readonly figures: PruningFigures,
  ) {}

  /** Prunes again and again, the first time after a while, until the server stops. */
  begin(everyMs = EVERY_MS): void {
    this.running = this.repeat(everyMs);
  }

  /** Stops after the batch that is under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /**
   * Prunes until nothing is left to prune, or another instance is at it, or the server stops. Cut off at
   * any point, it has removed whole batches, and the next one goes on from there.
   * @returns how many rows it removed, by table; what went along with a row does not count
   */
  async prune(): Promise<Record<string, number>> {
    const removed: Record<string, number> = {};
    for (const rule of retentionRules(this.configuration.tokenRetentionDays)) {
      const { table } = rule;
      const before = new Date(this.clock.now().getTime() - rule.keptFor);
      this.figures.found(table, await this.pending(rule, before));
      let from: Date | undefined;
      while (!this.stopping.signal.aborted) {
        const started = performance.now();
        const batch = await this.removeBatch(rule, before, from);
        if (!batch) return removed;
        if (batch.removed > 0) removed[table] = (removed[table] ?? 0) + batch.removed;
        this.figures.removed(table, batch.removed);
        if (batch.removed < rule.batch) break;
        from = batch.until;
        await this.rest((performance.now() - started) * REST);
      }
    }
    if (!this.stopping.signal.aborted) this.figures.finished(this.clock.now());
    return removed;
  }

  private async repeat(everyMs: number): Promise<void> {
    while (await this.rest(everyMs)) {
      const started = performance.now();
      try {
        const removed = await this.prune();
        const duration_ms = Math.round(performance.now() - started);
        if (Object.keys(removed).length > 0) this.logger.log({ removed, duration_ms }, 'rows pruned');
      } catch (error) {
        this.logger.warn(`Nothing was pruned, for now: ${(error as Error).message}`);
      }
    }
  }

  /** How many rows are over, as far as anybody wants to know. */
  private async pending({ table, endedAt, and = 'true' }: RetentionRule, before: Date): Promise<number> {
    const { rows } = await this.database.query<{ pending: number }>(
      `SELECT count(*)::integer AS pending FROM (
         SELECT FROM ${table} r WHERE r.${endedAt} <= $1 AND ${and} LIMIT ${COUNTED}) AS those`,
      [before],
    );
    return rows[0]!.pending;
  }

  /**
   * @param from when the first of them may have ended: the index still holds what was removed before
   * @returns undefined where another instance is at it
   */
  private removeBatch(
    { table, endedAt, and = 'true', batch }: RetentionRule,
    before: Date,
    from?: Date,
  ): Promise<Batch | undefined> {
    return this.database.transaction(async (transaction) => {
      const { rows: locks } = await transaction.query<{ alone: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1) AS alone',
        [PRUNING_LOCK],
      );
      if (!locks[0]!.alone) return undefined;
      const { rows } = await transaction.query<Batch>(
        `WITH removed AS (
           DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
             SELECT r.ctid FROM ${table} r
             WHERE r.${endedAt} <= $1 AND r.${endedAt} >= $2 AND ${and}
             ORDER BY r.${endedAt} LIMIT ${batch} FOR UPDATE SKIP LOCKED))
           RETURNING ${endedAt} AS ended_at)
         SELECT count(*)::integer AS removed, max(ended_at) AS until FROM removed`,
        [before, from ?? '-infinity'],
      );
      return rows[0]!;
    });
  }

  /** @returns false where the server stops meanwhile */
  private async rest(ms: number): Promise<boolean> {
    const { signal } = this.stopping;
    await pause(ms, undefined, { signal, ref: false }).catch(() => {});
    return !signal.aborted;
  }
}
