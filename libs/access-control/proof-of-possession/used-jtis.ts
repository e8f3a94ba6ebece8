import { hash } from 'node:crypto';
import { Injectable, Module } from '@nestjs/common';
import { Database, GroupCommit, type Queryable } from '#database';

/** A JWT that may be shown once, by what tells it from others. */
export interface ShownOnce {
  /** Who made it: a client's row, or the thumbprint of a key. */
  by: string;
  jti: string;
  /** From when on it is refused in any case. */
  refusedFrom: Date;
}

interface Entry {
  key: string;
  expiresAt: Date;
  /** Whether this is the first time. */
  isNew: boolean;
}

const INSERT = `
  INSERT INTO used_jtis (key, expires_at)
  SELECT decode(key, 'base64'), expires_at FROM jsonb_to_recordset($1::jsonb) AS shown(key text, expires_at timestamptz)
  ON CONFLICT (key) DO NOTHING RETURNING encode(key, 'base64') AS key`;

/**
 * Remembers JWTs that may be shown once, by their `jti`, until they are refused for their age (RFC 7523 §3,
 * RFC 9449 §11.1): in the database, so that it holds on every instance and after a restart. Of two at
 * once, one is the first. Keys are SHA-256: of one size, however long a `jti` is.
 */
@Injectable()
export class UsedJtis {
  private readonly entries: GroupCommit<Entry>;

  constructor(private readonly database: Database) {
    this.entries = new GroupCommit((batch) => this.insert(this.database, batch));
  }

  /**
   * It is durable when this resolves.
   * @param within a transaction that it shall be part of
   * @returns false where it was shown before
   */
  async isFirst({ by, jti, refusedFrom }: ShownOnce, within?: Queryable): Promise<boolean> {
    const key = hash('sha256', JSON.stringify([by, jti]), 'base64');
    const entry: Entry = { key, expiresAt: refusedFrom, isNew: false };
    if (within) await this.insert(within, [entry]);
    else await this.entries.add(entry);
    return entry.isNew;
  }

  private async insert(queryable: Queryable, batch: Entry[]): Promise<void> {
    // In the order of their keys, as by every other writer: two batches would else wait for each other.
    const sorted = batch.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const { rows } = await queryable.query<{ key: string }>(INSERT, [
      JSON.stringify(sorted.map(({ key, expiresAt }) => ({ key, expires_at: expiresAt }))),
    ]);
    const stored = new Set(rows.map(({ key }) => key));
    // Of those that are alike in a batch one was stored.
    for (const entry of batch) entry.isNew = stored.delete(entry.key);
  }
}

/** One memory for assertions and proofs. */
@Module({ providers: [UsedJtis], exports: [UsedJtis] })
export class UsedJtisModule {}
