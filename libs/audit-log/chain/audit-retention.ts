import { Injectable, Logger } from '@nestjs/common';
import { Configuration } from '#configuration';
import { Database, type Queryable, type Transaction } from '#database';
import { Clock } from '#http-api';
import { AuditCheckpoints, headsOf, type Dropped } from './audit-checkpoints.js';
import type { Anchor, Place } from './checkpoint.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long everybody who writes or reads events may have to wait behind a drop that waits for its turn. */
const LOCK_TIMEOUT = '1s';
const DEFAULT = 'audit_events_default';
const MONTH = /^audit_events_(\d{4})_(\d\d)$/;

/** What goes, and what stays, as tables to select from. */
interface Division {
  /** In words, for the log. */
  name: string;
  dropped: string;
  stays: string[];
  /** Removes what goes. */
  statements: string[];
}

/**
 * Drops months that are wholly older than events are kept, and what of the default partition is. The
 * chains then begin with what was dropped last: a checkpoint says so, in the same transaction.
 */
@Injectable()
export class AuditRetention {
  private readonly logger = new Logger('AuditRetention');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
    private readonly checkpoints: AuditCheckpoints,
  ) {}

  /** Until nothing is left to drop, or another instance is at it. */
  async drop(): Promise<void> {
    const keptFor = this.configuration.auditRetentionDays * DAY_MS;
    const before = new Date(this.clock.now().getTime() - keptFor);
    for (;;) {
      const division = await this.next(before);
      if (!division) return;
      const dropped = await this.checkpoints.takeWith((transaction, { anchors, unchained }) =>
        this.dropOne(transaction, division, { anchors, unchained }),
      );
      if (!dropped) return;
      this.logger.log(
        `${division.name} dropped: events are kept for ${this.configuration.auditRetentionDays} days`,
      );
    }
  }

  private async next(before: Date): Promise<Division | undefined> {
    const { rows } = await this.database.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_events'::regclass ORDER BY 1`,
    );
    const partitions = rows.map(({ name }) => name);
    const month = partitions.find((name) => endOf(name) <= before);
    if (month) {
      const stays = partitions.filter((name) => name !== month);
      return { name: month, dropped: month, stays, statements: [`DROP TABLE ${month}`] };
    }
    const { rows: old } = await this.database.query(`SELECT FROM ${DEFAULT} WHERE at < $1 LIMIT 1`, [before]);
    if (old.length === 0) return undefined;
    const part = (comparison: string) =>
      `(SELECT * FROM ${DEFAULT} WHERE at ${comparison} '${before.toISOString()}') AS part`;
    return {
      name: `What ${DEFAULT} has from before ${before.toISOString()}`,
      dropped: part('<'),
      stays: [...partitions.filter((name) => name !== DEFAULT), part('>=')],
      statements: [
        `ALTER TABLE ${DEFAULT} DISABLE TRIGGER audit_events_append_only`,
        `DELETE FROM ${DEFAULT} WHERE at < '${before.toISOString()}'`,
        `ALTER TABLE ${DEFAULT} ENABLE TRIGGER audit_events_append_only`,
      ],
    };
  }

  private async dropOne(
    transaction: Transaction,
    { dropped, stays, statements }: Division,
    before: Dropped,
  ): Promise<Dropped> {
    await transaction.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    // Nothing is added to it meanwhile; and the lock that the drop takes is never one that others wait before.
    await transaction.query('LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE');
    const anchors: Record<string, Anchor> = { ...before.anchors };
    for (const writer of Object.keys(await headsOf(transaction))) {
      const anchor = await anchorOf(transaction, writer, { dropped, stays, before: anchors[writer] });
      if (anchor) anchors[writer] = anchor;
    }
    const { rows } = await transaction.query<{ unchained: number }>(
      `SELECT count(*)::float8 AS unchained FROM ${dropped} WHERE writer IS NULL`,
    );
    for (const statement of statements) await transaction.query(statement);
    return { anchors, unchained: before.unchained - rows[0]!.unchained };
  }
}

async function anchorOf(
  transaction: Queryable,
  writer: string,
  { dropped, stays, before }: { dropped: string; stays: string[]; before: Anchor | undefined },
): Promise<Anchor | undefined> {
  const { rows } = await transaction.query<Place>(
    `SELECT ${PLACE} FROM ${dropped} WHERE writer = $1 ORDER BY sequence DESC LIMIT 1`,
    [writer],
  );
  const last = [...rows, ...(before ? [before] : [])].sort((a, b) => b.sequence - a.sequence)[0];
  if (!last) return undefined;
  const kept: Place[] = [];
  for (const table of stays) {
    const earlier = await transaction.query<Place>(
      `SELECT ${PLACE} FROM ${table} WHERE writer = $1 AND sequence <= $2`,
      [writer, last.sequence],
    );
    kept.push(...earlier.rows);
  }
  kept.sort((a, b) => a.sequence - b.sequence);
  return { sequence: last.sequence, hash: last.hash, kept };
}

const PLACE = `sequence::float8 AS sequence, encode(hash, 'hex') AS hash`;

/** Of the default partition, and whatever somebody else has made: never. */
function endOf(partition: string): Date {
  const [, year, month] = MONTH.exec(partition) ?? [];
  return year ? new Date(Date.UTC(Number(year), Number(month), 1)) : new Date(8.64e15);
}
