import { Injectable, Logger } from '@nestjs/common';
import { Database, type Transaction } from '#database';
import { MasterKeys } from './master-keys.js';
import { belongsTo, KEPT_IN, Vault, type KeptIn } from './vault.js';

const BATCH = 500;

/** What a start does about what the vault keeps. */
@Injectable()
export class VaultUpkeep {
  private readonly logger = new Logger('Vault');

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly keys: MasterKeys,
  ) {}

  /**
   * 1. While the vault is off, what it kept is erased: nothing recoverable stays.
   * 2. While it is on, what lies under an older master key is sealed under the first one.
   *
   * In batches, each a transaction: one that is cut off goes on at the next start.
   */
  async run(): Promise<void> {
    for (const kept of KEPT_IN) {
      let done = 0;
      for (let last = BATCH; last === BATCH; done += last) {
        last = await this.database.transaction((transaction) =>
          this.vault.on ? this.sealAnew(transaction, kept) : erase(transaction, kept),
        );
      }
      if (done > 0) this.logger.log(`${done} × ${kept} ${this.vault.on ? 'sealed anew' : 'erased'}`);
    }
  }

  private async sealAnew(transaction: Transaction, kept: KeptIn): Promise<number> {
    const [table, column] = kept.split('.');
    // 18 characters name the key (an index of access_tokens counts on it).
    const { rows } = await transaction.query<{ id: string; sealed: string }>(
      `SELECT id, ${column} AS sealed FROM ${table}
       WHERE ${column} IS NOT NULL AND (left(${column}, 18) < $1 OR left(${column}, 18) > $1)
       ORDER BY id LIMIT ${BATCH} FOR UPDATE`,
      [this.keys.currentPrefix],
    );
    const renewed = rows.map(({ id, sealed }) => {
      const owner = belongsTo(kept, id);
      return { id, sealed: this.keys.seal(this.keys.open(sealed, owner), owner) };
    });
    await transaction.query(
      `UPDATE ${table} SET ${column} = renewed.sealed
       FROM jsonb_to_recordset($1::jsonb) AS renewed(id uuid, sealed text) WHERE ${table}.id = renewed.id`,
      [JSON.stringify(renewed)],
    );
    return rows.length;
  }
}

async function erase(transaction: Transaction, kept: KeptIn): Promise<number> {
  const [table, column] = kept.split('.');
  const { rowCount } = await transaction.query(
    `UPDATE ${table} SET ${column} = NULL WHERE id IN (
       SELECT id FROM ${table} WHERE ${column} IS NOT NULL ORDER BY id LIMIT ${BATCH} FOR UPDATE)`,
  );
  return rowCount;
}
