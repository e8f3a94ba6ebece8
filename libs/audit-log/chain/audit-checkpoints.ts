import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Database, type Queryable, type Transaction } from '#database';
import { Clock } from '#http-api';
import { BrokenChain } from './chain-fault.js';
import { checkSeen } from './check-seen.js';
import { CheckpointSigning, type CheckpointKeys } from './checkpoint-keys.port.js';
import type { Anchor, CheckpointClaims, Place } from './checkpoint.js';

/** One number for the lock under which one instance takes checkpoints. */
const CHECKPOINT_LOCK = 7_067_861_181;
/** Checkpoints that are kept: a week of minutes. The latest alone covers all that is before it. */
const KEPT = 10_080;

/** For who removes keys: the one that the last checkpoint bears is needed, until another has signed over it. */
export const LAST_CHECKPOINT_KEY = '(SELECT kid FROM audit_checkpoints ORDER BY number DESC LIMIT 1)';

interface CheckpointRow {
  number: number;
  at: Date;
  kid: string;
  jws: string;
}

/** The last checkpoint, and what it says. */
export interface Checkpoint extends CheckpointRow {
  /** Undefined where its signature does not hold. */
  claims: CheckpointClaims | undefined;
}

/** What a drop changes. */
export interface Dropped {
  anchors: Record<string, Anchor>;
  unchained: number;
}

/**
 * Signed statements of how far each chain has come: whoever removes the newest events, or writes a
 * chain anew, cannot make them fit. Each one covers the one before it.
 */
@Injectable()
export class AuditCheckpoints {
  private readonly logger = new Logger('AuditCheckpoints');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly signing: CheckpointSigning,
  ) {}

  /** Where there was news. @returns whether it took one */
  async take(): Promise<boolean> {
    const keys = await this.signing.keys();
    return this.alone(keys, async (transaction, last) => {
      const heads = await headsOf(transaction);
      const seen = last?.claims?.heads ?? {};
      const news = Object.entries(heads).some(
        ([writer, { sequence }]) => seen[writer]?.sequence !== sequence,
      );
      if (!news && (!last || last.kid === keys.kid)) return false;
      await this.add(transaction, keys, last, heads);
      return true;
    });
  }

  /**
   * Takes one in the transaction that drops events.
   * @param drop says what the chains begin with afterwards; undefined where there is nothing to drop
   */
  async takeWith(
    drop: (transaction: Transaction, before: Dropped) => Promise<Dropped | undefined>,
  ): Promise<boolean> {
    const keys = await this.signing.keys();
    return this.alone(keys, async (transaction, last) => {
      const { anchors, unchained } = last?.claims ?? {
        anchors: {},
        unchained: await unchainedAtStart(transaction),
      };
      const dropped = await drop(transaction, { anchors, unchained });
      if (!dropped) return false;
      await this.add(transaction, keys, last, await headsOf(transaction), dropped);
      return true;
    });
  }

  /** The last one. A link to the one before that does not hold is as bad as a signature that does not. */
  async last(): Promise<Checkpoint | undefined> {
    const keys = await this.signing.keys();
    return this.lastOf(this.database, keys);
  }

  /** How many events there may be that are in no chain. */
  async unchained(last: Checkpoint | undefined): Promise<number> {
    return last?.claims?.unchained ?? unchainedAtStart(this.database);
  }

  private async lastOf(queryable: Queryable, keys: CheckpointKeys): Promise<Checkpoint | undefined> {
    const { rows } = await queryable.query<CheckpointRow>(
      'SELECT number::float8 AS number, at, kid, jws FROM audit_checkpoints ORDER BY number DESC LIMIT 2',
    );
    const [row, before] = rows;
    if (!row) return undefined;
    const claims = await keys.open(row.jws);
    const holds = claims?.number === row.number && (!before || claims.previous === digest(before.jws));
    return { ...row, claims: holds ? claims : undefined };
  }

  /** Under the lock that nobody waits for, and over a last checkpoint that holds: nothing else is covered up. */
  private alone(
    keys: CheckpointKeys,
    work: (transaction: Transaction, last: Checkpoint | undefined) => Promise<boolean>,
  ): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const { rows } = await transaction.query<{ alone: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1) AS alone',
        [CHECKPOINT_LOCK],
      );
      if (!rows[0]!.alone) return false;
      const last = await this.lastOf(transaction, keys);
      if (last) {
        try {
          if (!last.claims) throw badCheckpoint(last);
          await checkSeen(transaction, last.claims, await headsOf(transaction));
        } catch (error) {
          if (!(error instanceof BrokenChain)) throw error;
          this.logger.error(`The audit log is broken, and no checkpoint is added. ${error.message}`);
          return false;
        }
      }
      return work(transaction, last);
    });
  }

  private async add(
    transaction: Transaction,
    keys: CheckpointKeys,
    last: Checkpoint | undefined,
    heads: Record<string, Place>,
    dropped?: Dropped,
  ): Promise<void> {
    const now = this.clock.now();
    const number = (last?.number ?? 0) + 1;
    const claims: CheckpointClaims = {
      number,
      iat: Math.floor(now.getTime() / 1000),
      previous: last ? digest(last.jws) : null,
      heads,
      anchors: dropped?.anchors ?? last?.claims?.anchors ?? {},
      unchained: dropped?.unchained ?? last?.claims?.unchained ?? (await unchainedAtStart(transaction)),
    };
    await transaction.query('INSERT INTO audit_checkpoints (number, at, kid, jws) VALUES ($1, $2, $3, $4)', [
      number,
      now,
      keys.kid,
      keys.sign(claims),
    ]);
    await transaction.query('DELETE FROM audit_checkpoints WHERE number <= $1', [number - KEPT]);
  }
}

/** How far each chain has come. */
export async function headsOf(queryable: Queryable): Promise<Record<string, Place>> {
  const { rows } = await queryable.query<Place & { writer: string }>(
    `SELECT writer, sequence::float8 AS sequence, encode(hash, 'hex') AS hash FROM audit_writers ORDER BY writer`,
  );
  return Object.fromEntries(rows.map(({ writer, ...place }) => [writer, place]));
}

async function unchainedAtStart(queryable: Queryable): Promise<number> {
  const { rows } = await queryable.query<{ unchained: number }>(
    'SELECT unchained::float8 AS unchained FROM audit_chain_start',
  );
  return rows[0]?.unchained ?? 0;
}

function digest(jws: string): string {
  return createHash('sha256').update(jws).digest('hex');
}

export function badCheckpoint({ number, kid }: CheckpointRow): BrokenChain {
  return new BrokenChain(
    'checkpoint',
    `Checkpoint ${number} is not what Postern has signed, or by a key that it does not have (${kid}).`,
  );
}
