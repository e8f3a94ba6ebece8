import { Injectable } from '@nestjs/common';
import { NO_REQUEST, SYSTEM, type Actor } from '#access-control';
import { AuditLog, LAST_CHECKPOINT_KEY } from '#audit-log';
import { Database, selectColumns, type Queryable, type Transaction } from '#database';
import { ACCESS_TOKEN_SIGNING_ALGS, type AccessTokenSigningAlg } from '#oauth-protocol';
import { MasterKeys } from '#sealing';
import { makeKeyPair } from './key-pair.js';
import { dueKeys, supersededKeys } from './key-schedule.js';
import { SigningKeyEntity } from './signing-key.entity.js';

/** One number for the lock under which keys are made, sealed and removed: once, however many instances ask. */
const SIGNING_KEYS_LOCK = 7_067_861_176;

/** The keys in the database. Private ones are sealed where there is a master key. */
@Injectable()
export class SigningKeyStore {
  constructor(
    private readonly database: Database,
    private readonly masterKeys: MasterKeys,
    private readonly audit: AuditLog,
  ) {}

  /** The newest ones first. */
  async all(queryable: Queryable = this.database): Promise<SigningKeyEntity[]> {
    const { rows } = await queryable.query<SigningKeyEntity>(
      `SELECT ${selectColumns(SigningKeyEntity, 'k')} FROM signing_keys k ORDER BY k.signs_from DESC, k.kid`,
    );
    return rows;
  }

  /** Makes the keys that are due and removes those that are of no use any more. @returns all that there are then */
  async tend(now: Date): Promise<SigningKeyEntity[]> {
    return this.alone(async (transaction) => {
      // Another instance may have done it meanwhile.
      const keys = await this.all(transaction);
      for (const { alg, signsFrom } of dueKeys(keys, now))
        await this.add(transaction, alg, signsFrom, now, SYSTEM);
      for (const key of supersededKeys(keys, now)) await removeUnlessNeeded(transaction, key, now);
      return this.all(transaction);
    });
  }

  /**
   * Makes a key of every algorithm before its time. The instances know it within a minute.
   * @param signsFrom when it takes over; one that is not published before then is unknown to who verifies offline
   */
  rotate(actor: Actor, now: Date, signsFrom: Date): Promise<SigningKeyEntity[]> {
    return this.alone(async (transaction) => {
      for (const alg of ACCESS_TOKEN_SIGNING_ALGS) await this.add(transaction, alg, signsFrom, now, actor);
      return this.all(transaction);
    });
  }

  /** Runs while no other instance makes, seals or removes keys. */
  alone<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (transaction) => {
      await transaction.query('SELECT pg_advisory_xact_lock($1)', [SIGNING_KEYS_LOCK]);
      return work(transaction);
    });
  }

  /** The private key in clear. @throws SealError */
  opened({ kid, privateKey }: SigningKeyEntity): string {
    return this.masterKeys.isSealed(privateKey) ? this.masterKeys.open(privateKey, ownerOf(kid)) : privateKey;
  }

  /** As it is stored now: sealed, or in clear where there is no master key. */
  closed(kid: string, privateKey: string): string {
    return this.masterKeys.available ? this.masterKeys.seal(privateKey, ownerOf(kid)) : privateKey;
  }

  private async add(
    transaction: Transaction,
    alg: AccessTokenSigningAlg,
    signsFrom: Date,
    now: Date,
    actor: Actor,
  ): Promise<void> {
    const { kid, publicKey, privateKey } = await makeKeyPair(alg);
    await transaction.query(
      `INSERT INTO signing_keys (kid, alg, public_key, private_key, created_at, signs_from)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [kid, alg, JSON.stringify(publicKey), this.closed(kid, privateKey), now, signsFrom],
    );
    await this.audit.record(transaction, {
      type: 'signing_key.rotated',
      actor,
      origin: NO_REQUEST,
      customer_id: null,
      detail: { kid, alg, signs_from: signsFrom.toISOString() },
    });
  }
}

/**
 * Those that live longest are asked first, by the index: the answer is mostly the first row. What signed
 * the audit log's last checkpoint is needed until another key has.
 */
async function removeUnlessNeeded(
  transaction: Transaction,
  { kid, from, until }: { kid: string; from: Date; until: Date },
  now: Date,
): Promise<void> {
  await transaction.query(
    `DELETE FROM signing_keys WHERE kid = $1 AND kid IS DISTINCT FROM ${LAST_CHECKPOINT_KEY} AND NOT EXISTS (
       SELECT 1 FROM access_tokens
       WHERE format = 'jwt' AND expires_at > $2 AND issued_at >= $3 AND issued_at < $4
       ORDER BY expires_at DESC LIMIT 1)`,
    [kid, now, from, until],
  );
}

function ownerOf(kid: string): string {
  return `signing_keys.private_key:${kid}`;
}
