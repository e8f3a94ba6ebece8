import { Injectable } from '@nestjs/common';
import { Database } from '#database';
import { Clock } from '#http-api';
import { AuditCheckpoints, badCheckpoint, headsOf, type Checkpoint } from './audit-checkpoints.js';
import { BrokenChain, type ChainFault } from './chain-fault.js';
import { walkChain } from './chain-walk.js';
import { checkSeen } from './check-seen.js';

/** What came of looking at every event. */
export interface Verification {
  verifiedAt: Date;
  writers: number;
  /** Events that are in their place, as they were recorded. */
  events: number;
  /** Events from before there were chains. */
  unchained: number;
  checkpoint: Pick<Checkpoint, 'number' | 'at' | 'kid'> | null;
  /** Null: the chain holds. */
  fault: ChainFault | null;
}

/** How often what retention drops meanwhile may be a reason to begin anew. */
const MOST_RUNS = 3;

/**
 * Looks at every event, in small steps that hold up nobody, up to the heads of the moment at which it
 * begins. Whoever asks while it runs shares its answer.
 */
@Injectable()
export class ChainVerification {
  private running: Promise<Verification> | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly checkpoints: AuditCheckpoints,
  ) {}

  /** @param progress told how many events have been looked at, of how many about */
  verify(progress?: (events: number, of: number) => void): Promise<Verification> {
    this.running ??= this.run(progress).finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(progress?: (events: number, of: number) => void): Promise<Verification> {
    for (let run = 1; ; run += 1) {
      const last = await this.checkpoints.last();
      const verification = await this.look(last, progress);
      if (!verification.fault || run === MOST_RUNS) return verification;
      const since = await this.checkpoints.last();
      if (JSON.stringify(since?.claims?.anchors) === JSON.stringify(last?.claims?.anchors))
        return verification;
    }
  }

  private async look(
    last: Checkpoint | undefined,
    progress?: (events: number, of: number) => void,
  ): Promise<Verification> {
    const verification: Verification = {
      verifiedAt: this.clock.now(),
      writers: 0,
      events: 0,
      unchained: 0,
      checkpoint: last ? { number: last.number, at: last.at, kid: last.kid } : null,
      fault: null,
    };
    try {
      if (last && !last.claims) throw badCheckpoint(last);
      const heads = await headsOf(this.database);
      verification.writers = Object.keys(heads).length;
      await this.checkOutsiders();
      verification.unchained = await this.countUnchained(last);
      const of = Object.values(heads).reduce((sum, { sequence }) => sum + sequence, 0);
      for (const [writer, head] of Object.entries(heads)) {
        const anchor = last?.claims?.anchors[writer];
        verification.events += await walkChain(this.database, writer, { anchor, head });
        progress?.(verification.events, of);
      }
      if (last?.claims) await checkSeen(this.database, last.claims, heads);
    } catch (error) {
      if (!(error instanceof BrokenChain)) throw error;
      verification.fault = error.fault;
    }
    return verification;
  }

  /** Events beyond the head of their chain, or in one that nobody writes. */
  private async checkOutsiders(): Promise<void> {
    const { rows } = await this.database.query<{ id: string; writer: string; sequence: number }>(OUTSIDERS);
    if (!rows[0]) return;
    const { id, ...place } = rows[0];
    throw new BrokenChain(
      'inserted',
      `Event ${place.sequence} of writer ${place.writer} (${id}) is beyond the head of its chain: Postern has not put it there.`,
      { ...place, event: id },
    );
  }

  private async countUnchained(last: Checkpoint | undefined): Promise<number> {
    const known = await this.checkpoints.unchained(last);
    const { rows } = await this.database.query<{ unchained: number }>(
      'SELECT count(*)::float8 AS unchained FROM audit_events WHERE writer IS NULL',
    );
    const { unchained } = rows[0]!;
    if (unchained === known) return unchained;
    const { rows: latest } = await this.database.query<{ id: string }>(
      'SELECT id FROM audit_events WHERE writer IS NULL ORDER BY id DESC LIMIT 1',
    );
    const event = unchained > known ? latest[0]!.id : null;
    throw new BrokenChain(
      'unchained',
      `There are ${unchained} events in no chain, and ${known} from before there were any` +
        `${event ? `: the latest of them is ${event}` : ': others have been removed'}.`,
      { event },
    );
  }
}

const OUTSIDERS = `
  WITH RECURSIVE writers AS (
    (SELECT writer FROM audit_events WHERE writer IS NOT NULL ORDER BY writer LIMIT 1)
    UNION ALL
    SELECT (SELECT e.writer FROM audit_events e WHERE e.writer > w.writer ORDER BY e.writer LIMIT 1)
    FROM writers w WHERE w.writer IS NOT NULL)
  SELECT e.id, e.writer, e.sequence::float8 AS sequence
  FROM writers w LEFT JOIN audit_writers head USING (writer)
  CROSS JOIN LATERAL (
    SELECT id, writer, sequence FROM audit_events
    WHERE writer = w.writer AND sequence > coalesce(head.sequence, -1) ORDER BY sequence LIMIT 1) AS e
  LIMIT 1`;
