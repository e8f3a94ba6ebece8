import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Configuration, ConfigurationError } from '#configuration';
import { Database, type Transaction } from '#database';
import { AUDIT_EVENT_COLUMNS } from '../audit-event-list.js';
import { presentEvent, type SelectedEvent } from '../audit-event.presenter.js';
import { copyTargetOf, type Copied, type CopyTarget, type Positions } from './copy-target.js';

/** How late the copy may be. */
const EVERY_MS = 500;
/** Events of one writer in one batch. */
const BATCH = 200;
/** For how long whoever writes the copy may be silent before another takes it over; and how often he says that he is there. */
const LEASE = "interval '5 seconds'";
const RENEWED = "interval '2 seconds'";
/** How long a stopping server goes on with what is left, in milliseconds. */
const FLUSH_MS = 2_000;

/**
 * Copies events to where POSTERN_AUDIT_COPY says, each as the API answers it, in order per writer: the
 * place in a chain is the order of commits, so that what is copied up to a place is all up to it.
 * One instance does it, and another takes over where that one is silent. How far it has come is noted
 * in the database once the lines are written: a file's end tells which ones were not noted any more.
 */
@Injectable()
export class AuditCopying implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('AuditCopy');
  private readonly stopping = new AbortController();
  private readonly me = randomUUID();
  private readonly name: string | undefined;
  private readonly target: CopyTarget | undefined;
  private running: Promise<void> | undefined;
  /** Whether what was noted is what is in the copy, as far as this instance knows. */
  private isRecovered = false;

  constructor(
    private readonly database: Database,
    { auditCopy }: Configuration,
  ) {
    this.name = auditCopy;
    this.target = auditCopy === undefined ? undefined : copyTargetOf(auditCopy);
  }

  /** @throws ConfigurationError where the copy cannot be written */
  async begin(): Promise<void> {
    if (!this.target) return;
    try {
      await this.target.open();
    } catch {
      throw new ConfigurationError(['POSTERN_AUDIT_COPY takes stdout, or a file that can be written.']);
    }
    await this.database.query(
      `INSERT INTO audit_copies (target, seen_at) VALUES ($1, now()) ON CONFLICT DO NOTHING`,
      [this.name],
    );
    this.running = this.repeat(this.target);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** The last requests have been answered: what they left is copied, and another may go on. */
  async onApplicationShutdown(): Promise<void> {
    if (!this.running) return;
    const until = performance.now() + FLUSH_MS;
    await this.attempt(this.target!, () => performance.now() > until);
    await this.database
      .query('UPDATE audit_copies SET holder = NULL WHERE target = $1 AND holder = $2', [this.name, this.me])
      .catch(() => {});
    await this.target!.close();
  }

  private async repeat(target: CopyTarget): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.attempt(target, () => signal.aborted);
      await pause(EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** Batch after batch, while there is something to copy and time for it: a log may be long when its copy begins. */
  private async attempt(target: CopyTarget, isOver: () => boolean): Promise<void> {
    try {
      while ((await this.copyBatch(target)) > 0) if (isOver()) return;
    } catch (error) {
      this.isRecovered = false;
      this.logger.warn(`Nothing was copied, for now: ${(error as Error).message}`);
    }
  }

  private copyBatch(target: CopyTarget): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const { rows } = await transaction.query<{ holds: boolean; may: boolean; renew: boolean }>(
        `SELECT holder = $2 AS holds, holder IS NULL OR seen_at < now() - ${LEASE} AS may, seen_at < now() - ${RENEWED} AS renew
         FROM audit_copies WHERE target = $1 FOR UPDATE SKIP LOCKED`,
        [this.name, this.me],
      );
      const [lease] = rows;
      if (!lease || !(lease.holds || lease.may)) return 0;
      if (!lease.holds || lease.renew) {
        await transaction.query('UPDATE audit_copies SET holder = $2, seen_at = now() WHERE target = $1', [
          this.name,
          this.me,
        ]);
      }
      if (!lease.holds || !this.isRecovered) await this.recover(transaction, target);
      const events = await this.next(transaction);
      if (events.length > 0) {
        await target.append(events.map((event) => `${JSON.stringify(presentEvent(event))}\n`).join(''));
        await this.note(transaction, new Map(events.map(({ writer, sequence }) => [writer!, sequence!])));
      }
      this.isRecovered = true;
      return events.length;
    });
  }

  private async recover(transaction: Transaction, target: CopyTarget): Promise<void> {
    const { rows } = await transaction.query<{ writer: string; sequence: number }>(
      'SELECT writer, sequence::float8 AS sequence FROM audit_copy_positions WHERE target = $1',
      [this.name],
    );
    const noted: Positions = new Map(rows.map(({ writer, sequence }) => [writer, sequence]));
    await this.note(transaction, await this.known(transaction, await target.recover(noted)));
  }

  /** A database that was restored has others in their places, or none yet, which are still to be copied. */
  private async known(transaction: Transaction, copied: Copied[]): Promise<Positions> {
    const { rows } = await transaction.query<Copied>(
      `SELECT writer, sequence::float8 AS sequence FROM audit_events
       JOIN unnest($1::uuid[], $2::bigint[], $3::uuid[]) AS copied(writer, sequence, id) USING (writer, sequence, id)`,
      [
        copied.map(({ writer }) => writer),
        copied.map(({ sequence }) => sequence),
        copied.map(({ id }) => id),
      ],
    );
    return new Map(rows.map(({ writer, sequence }) => [writer, sequence]));
  }

  private async next(transaction: Transaction): Promise<SelectedEvent[]> {
    const { rows } = await transaction.query<SelectedEvent>(
      `SELECT ${AUDIT_EVENT_COLUMNS} FROM (
         SELECT e.* FROM audit_writers w
         LEFT JOIN audit_copy_positions p ON p.target = $1 AND p.writer = w.writer
         CROSS JOIN LATERAL (
           SELECT * FROM audit_events WHERE writer = w.writer AND sequence > coalesce(p.sequence, 0)
           ORDER BY sequence LIMIT ${BATCH}) AS e
         WHERE w.sequence > coalesce(p.sequence, 0)) AS next
       ORDER BY writer, next.sequence`,
      [this.name],
    );
    return rows;
  }

  /** The last of a writer's events, as they come in order. */
  private async note(transaction: Transaction, positions: Positions): Promise<void> {
    if (positions.size === 0) return;
    await transaction.query(
      `INSERT INTO audit_copy_positions (target, writer, sequence)
       SELECT $1, writer, sequence FROM unnest($2::uuid[], $3::bigint[]) AS copied(writer, sequence)
       ON CONFLICT (target, writer) DO UPDATE SET sequence = excluded.sequence`,
      [this.name, [...positions.keys()], [...positions.values()]],
    );
  }
}
