import { Injectable } from '@nestjs/common';
import { Database, PeriodicBatch, touchLastUsed } from '#database';

interface TokenUse {
  /** The client row's id. */
  client: string;
  at: Date;
  ip: string | null;
}

/**
 * "Last used" of tokens and of their clients: noted on the way, written once a second, and when
 * the server stops. So it is at most two seconds late, and a `kill -9` loses two seconds of it.
 */
@Injectable()
export class TokenUses {
  private readonly batch: PeriodicBatch<string, TokenUse>;

  constructor(private readonly database: Database) {
    this.batch = new PeriodicBatch((entries) => this.write(entries));
  }

  note(tokenId: string, use: TokenUse): void {
    this.batch.note(tokenId, use);
  }

  close(): Promise<void> {
    return this.batch.close();
  }

  private async write(entries: [string, TokenUse][]): Promise<void> {
    // Locked in the order of their ids, as by every other writer of many rows.
    await this.database.query(
      `WITH uses AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS use(token uuid, at timestamptz, ip text)),
       locked AS (
         SELECT t.id FROM access_tokens t JOIN uses ON uses.token = t.id ORDER BY t.id FOR NO KEY UPDATE OF t)
       UPDATE access_tokens t SET last_used_at = uses.at, last_used_ip = uses.ip
       FROM uses JOIN locked ON locked.id = uses.token
       WHERE t.id = uses.token AND (t.last_used_at IS NULL OR t.last_used_at <= uses.at)`,
      [JSON.stringify(entries.map(([token, { at, ip }]) => ({ token, at, ip })))],
    );
    const clients = entries.map(([, { client, at }]) => ({ id: client, at }));
    await touchLastUsed(this.database, 'clients', clients);
  }
}
