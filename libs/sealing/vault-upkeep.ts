import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#database';
import { MasterKeys, SealError } from './master-keys.js';
import { belongsTo, KEPT_IN, Vault, type KeptIn } from './vault.js';

const BATCH = 500;
/** Before every id that there is. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

interface Sealed {
  id: string;
  sealed: string;
}

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
   * @param progress told of the seals of each batch
   */
  async run(progress: (done: number) => void = () => {}): Promise<void> {
    for (const kept of KEPT_IN) {
      let done = 0;
      for (let key = await this.keyAfter('', kept); key; key = await this.keyAfter(key, kept)) {
        if (!this.vault.on || key !== this.keys.currentPrefix) done += await this.redo(kept, key, progress);
      }
      if (done > 0) this.logger.log(`${done} × ${kept} ${this.vault.on ? 'sealed anew' : 'erased'}`);
    }
  }

  /** How the seals of the next key begin; 18 characters name a key, and an index of access_tokens counts on it. */
  private async keyAfter(key: string, kept: KeptIn): Promise<string | undefined> {
    const [table, column] = kept.split('.');
    const { rows } = await this.database.query<{ key: string }>(
      `SELECT left(${column}, 18) AS key FROM ${table}
       WHERE ${column} IS NOT NULL AND left(${column}, 18) > $1 ORDER BY left(${column}, 18) LIMIT 1`,
      [key],
    );
    return rows[0]?.key;
  }

  /** Erases all seals of one key, or makes them anew. @returns how many */
  private async redo(kept: KeptIn, key: string, progress: (done: number) => void): Promise<number> {
    const [table, column] = kept.split('.');
    let done = 0;
    for (let after: string | undefined = FIRST_ID; after !== undefined;) {
      after = await this.database.transaction(async (transaction) => {
        // In the order of their ids, as whoever else changes many of them.
        const { rows } = await transaction.query<Sealed>(
          `SELECT id, ${column} AS sealed FROM ${table}
           WHERE ${column} IS NOT NULL AND left(${column}, 18) = $1 AND id > $2
           ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE`,
          [key, after],
        );
        await transaction.query(
          `UPDATE ${table} SET ${column} = redone.sealed
           FROM jsonb_to_recordset($1::jsonb) AS redone(id uuid, sealed text) WHERE ${table}.id = redone.id`,
          [JSON.stringify(rows.map((row) => ({ id: row.id, sealed: this.redone(kept, row) })))],
        );
        done += rows.length;
        progress(rows.length);
        return rows.length < BATCH ? undefined : rows.at(-1)!.id;
      });
    }
    return done;
  }

  /** @throws SealError in words for whoever starts the server */
  private redone(kept: KeptIn, { id, sealed }: Sealed): string | null {
    if (!this.vault.on) return null;
    const owner = belongsTo(kept, id);
    try {
      return this.keys.seal(this.keys.open(sealed, owner), owner);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      throw new SealError(
        `What the vault keeps in ${kept} of ${id} does not open. ${error.message} POSTERN_MASTER_KEY takes the keys of before, too, after the new one; a start with POSTERN_VAULT=false erases all that is kept.`,
        { cause: error },
      );
    }
  }
}
