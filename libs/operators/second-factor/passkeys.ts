import { Injectable } from '@nestjs/common';
import { Database, timeOrderedId, violatesUnique, type Queryable, type Transaction } from '#database';
import { Clock, Problem } from '#http-api';
import type { KnownCredential, NewCredential } from './relying-party.js';

/** One person's, at a time. */
const MAX_PASSKEYS = 20;

export interface Passkey {
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** The passkeys of people: their public halves, and how often each has signed. */
@Injectable()
export class Passkeys {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** From the oldest on. */
  async of(operator: string): Promise<Passkey[]> {
    const { rows } = await this.database.query<Passkey>(
      `SELECT id, name, created_at AS "createdAt", last_used_at AS "lastUsedAt"
       FROM operator_passkeys WHERE operator = $1 ORDER BY id`,
      [operator],
    );
    return rows;
  }

  /** As browsers name them. */
  async known(operator: string): Promise<KnownCredential[]> {
    const { rows } = await this.database.query<{ id: Buffer; transports: string[] }>(
      'SELECT credential_id AS id, transports FROM operator_passkeys WHERE operator = $1 ORDER BY id',
      [operator],
    );
    return rows.map(({ id, transports }) => ({ id: id.toString('base64url'), transports }));
  }

  /** One of this person's, by what an assertion calls it. */
  async find(operator: string, credentialId: string): Promise<{ id: string; publicKey: Buffer } | undefined> {
    const { rows } = await this.database.query<{ id: string; publicKey: Buffer }>(
      `SELECT id, public_key AS "publicKey" FROM operator_passkeys WHERE operator = $1 AND credential_id = $2`,
      [operator, Buffer.from(credentialId, 'base64url')],
    );
    return rows[0];
  }

  /** Within the transaction that holds the person's row. @throws Problem 409 */
  async add(
    transaction: Transaction,
    operator: string,
    { id: credentialId, publicKey, signCount, transports }: NewCredential,
    name: string,
  ): Promise<Passkey> {
    const { rowCount } = await transaction.query('SELECT FROM operator_passkeys WHERE operator = $1', [
      operator,
    ]);
    if (rowCount >= MAX_PASSKEYS)
      throw Problem.conflict('response', `would be more than ${MAX_PASSKEYS} passkeys; remove one first`);
    const passkey = { id: timeOrderedId(), name, createdAt: this.clock.now(), lastUsedAt: null };
    try {
      await transaction.query(
        `INSERT INTO operator_passkeys
           (id, operator, name, credential_id, public_key, sign_count, transports, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          passkey.id,
          operator,
          name,
          Buffer.from(credentialId, 'base64url'),
          publicKey,
          signCount,
          transports,
          passkey.createdAt,
        ],
      );
    } catch (error) {
      if (violatesUnique(error, 'operator_passkeys_credential_id_unique'))
        throw Problem.conflict('response', 'is a passkey that is enrolled already');
      throw error;
    }
    return passkey;
  }

  /**
   * Notes a use, once: the count of signatures has to grow (WebAuthn §6.1.1), where the passkey counts.
   * @returns false for a count that was there before, as a copy of the passkey would have it
   */
  async spend(queryable: Queryable, id: string, signCount: number, at: Date): Promise<boolean> {
    const { rowCount } = await queryable.query(
      `UPDATE operator_passkeys SET sign_count = $2, last_used_at = $3
       WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))`,
      [id, signCount, at],
    );
    return rowCount === 1;
  }

  /** @returns its name; undefined where he has no such passkey */
  async remove(transaction: Transaction, operator: string, id: string): Promise<string | undefined> {
    const { rows } = await transaction.query<{ name: string }>(
      'DELETE FROM operator_passkeys WHERE operator = $1 AND id = $2 RETURNING name',
      [operator, id],
    );
    return rows[0]?.name;
  }
}
