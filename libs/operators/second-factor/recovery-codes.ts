import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, timeOrderedId, type Queryable, type Transaction } from '#database';
import { sha256 } from '#oauth-protocol';

export const RECOVERY_CODES = 10;
/** 32 of them, so that a byte's lowest five bits name one; none looks like another. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
/** Of five bits each: 80, which nobody guesses, so that one SHA-256 stores them. */
const CHARACTERS = 16;
const RECOVERY_CODE = new RegExp(`^[${ALPHABET}]{${CHARACTERS}}$`);

/** A recovery code as it is hashed, however it was typed; undefined for what is none. */
export function recoveryCodeOf(typed: string): string | undefined {
  const code = typed.replaceAll(/[\s-]/g, '').toLowerCase();
  return RECOVERY_CODE.test(code) ? code : undefined;
}

/** For when a person has lost his other factors: each is good once. */
@Injectable()
export class RecoveryCodes {
  constructor(private readonly database: Database) {}

  /**
   * Makes new ones in place of all that there were, within the transaction that holds the person's row.
   * @returns them in clear, this once
   */
  async make(transaction: Transaction, operator: string): Promise<string[]> {
    await this.clear(transaction, operator);
    const codes = Array.from({ length: RECOVERY_CODES }, newCode);
    await transaction.query(
      `INSERT INTO operator_recovery_codes (id, operator, code_hash)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[])`,
      [codes.map(timeOrderedId), codes.map(() => operator), codes.map((code) => sha256(code))],
    );
    return codes.map((code) => code.match(/.{4}/g)!.join('-'));
  }

  /** Whether it is his: good, used, or none. */
  async look(operator: string, code: string): Promise<'good' | 'used' | undefined> {
    const { rows } = await this.database.query<{ used: boolean }>(
      `SELECT used_at IS NOT NULL AS used FROM operator_recovery_codes WHERE operator = $1 AND code_hash = $2`,
      [operator, sha256(code)],
    );
    return rows[0] && (rows[0].used ? 'used' : 'good');
  }

  /** Uses one up, once. @returns false where it was used before, or is none */
  async spend(queryable: Queryable, operator: string, code: string, at: Date): Promise<boolean> {
    const { rowCount } = await queryable.query(
      `UPDATE operator_recovery_codes SET used_at = $3
       WHERE operator = $1 AND code_hash = $2 AND used_at IS NULL`,
      [operator, sha256(code), at],
    );
    return rowCount === 1;
  }

  async left(queryable: Queryable, operator: string): Promise<number> {
    const { rowCount } = await queryable.query(
      'SELECT FROM operator_recovery_codes WHERE operator = $1 AND used_at IS NULL',
      [operator],
    );
    return rowCount;
  }

  async clear(transaction: Transaction, operator: string): Promise<void> {
    await transaction.query('DELETE FROM operator_recovery_codes WHERE operator = $1', [operator]);
  }
}

function newCode(): string {
  return Array.from(randomBytes(CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
