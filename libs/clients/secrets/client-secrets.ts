import { Injectable } from '@nestjs/common';
import { StepUp, type Caller } from '#access-control';
import { AuditLog, type AuditEventDetails } from '#audit-log';
import { Database, selectColumns, timeOrderedId, type Transaction } from '#database';
import { Clock, Problem } from '#http-api';
import { CLIENT_SECRET, generateSecret, hasSecret } from '#oauth-protocol';
import { Vault } from '#sealing';
import { ClientSecretEntity } from '../client-secret.entity.js';
import { requireMayManage } from '../delegation.js';
import { ClientStore } from '../registration/client-store.js';
import { SecretHashing, type StoredSecret } from './secret-hashing.js';

/** Secrets of a client that are good at a time: each one of them costs a hash when a wrong one is presented. */
const MAX_LIVE = 10;

/** A secret that is hashed and not yet stored: hashing may take long, and happens before a transaction. */
export interface PreparedSecret extends StoredSecret {
  plain: string;
}

/** The secrets of clients: several may live side by side, so that they rotate without an outage. */
@Injectable()
export class ClientSecrets {
  constructor(
    private readonly database: Database,
    private readonly clients: ClientStore,
    private readonly hashing: SecretHashing,
    private readonly vault: Vault,
    private readonly stepUp: StepUp,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async prepare(supplied?: string): Promise<PreparedSecret> {
    const plain = supplied ?? generateSecret(CLIENT_SECRET);
    return { id: timeOrderedId(), plain, ...(await this.hashing.hash(plain)) };
  }

  async store(transaction: Transaction, client: string, secret: PreparedSecret): Promise<ClientSecretEntity> {
    const { id, algorithm, hash, plain } = secret;
    const entity = {
      id,
      client,
      algorithm,
      hash,
      sealed: this.vault.keep(plain, 'client_secrets.sealed', id),
      createdAt: this.clock.now(),
      expiresAt: null,
      lastUsedAt: null,
    };
    await transaction.manager.insert(ClientSecretEntity, entity);
    return entity;
  }

  /** Live and lately expired ones, newest first. */
  async list(caller: Caller, clientId: string): Promise<ClientSecretEntity[]> {
    const client = await this.clients.see(caller, clientId);
    const { rows } = await this.database.query<ClientSecretEntity>(
      `SELECT ${selectColumns(ClientSecretEntity, 's')} FROM client_secrets s WHERE s.client = $1 ORDER BY s.id DESC`,
      [client.id],
    );
    return rows;
  }

  /**
   * Adds a secret and lets the others expire.
   * @param overlap seconds for which the others stay good
   */
  async rotate(
    caller: Caller,
    clientId: string,
    overlap: number,
    supplied?: string,
  ): Promise<{ secret: ClientSecretEntity; plain: string }> {
    const prepared = await this.prepare(supplied);
    return this.database.transaction(async (transaction) => ({
      secret: await this.replace(transaction, caller, clientId, prepared, overlap),
      plain: prepared.plain,
    }));
  }

  /** The same within a transaction, with a secret that was hashed before it began. */
  async replace(
    transaction: Transaction,
    caller: Caller,
    clientId: string,
    prepared: PreparedSecret,
    overlap = 0,
  ): Promise<ClientSecretEntity> {
    const now = this.clock.now();
    const client = await this.clients.lock(transaction, caller, clientId);
    requireMayManage(caller, client);
    await this.stepUp.requireToHold(caller, client.scopes, transaction);
    if (!hasSecret(client.tokenEndpointAuthMethod))
      throw Problem.conflict(
        'client_secret',
        `does not go with the auth method ${client.tokenEndpointAuthMethod}`,
      );
    await transaction.query('DELETE FROM client_secrets WHERE client = $1 AND expires_at <= $2', [
      client.id,
      now,
    ]);
    const { rowCount: live } = await transaction.query('SELECT 1 FROM client_secrets WHERE client = $1', [
      client.id,
    ]);
    if (overlap > 0 && live >= MAX_LIVE)
      throw Problem.conflict('overlap', `would leave more than ${MAX_LIVE} secrets; delete some first`);
    await transaction.query(
      `UPDATE client_secrets SET expires_at = $2 WHERE client = $1 AND (expires_at IS NULL OR expires_at > $2)`,
      [client.id, new Date(now.getTime() + overlap * 1000)],
    );
    const secret = await this.store(transaction, client.id, prepared);
    await this.record(transaction, caller, client, 'client_secret.rotated', {
      secret_id: secret.id,
      overlap,
    });
    return secret;
  }

  async remove(caller: Caller, clientId: string, secretId: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const client = await this.clients.lock(transaction, caller, clientId);
      requireMayManage(caller, client);
      const { rowCount } = await transaction.query(
        'DELETE FROM client_secrets WHERE client = $1 AND id = $2',
        [client.id, secretId],
      );
      if (rowCount === 0) throw Problem.notFound('secret');
      await this.record(transaction, caller, client, 'client_secret.deleted', { secret_id: secretId });
    });
  }

  /**
   * A secret again, out of the vault. The look is on record before the secret leaves.
   * @throws Problem 409 while there is no vault, or the secret is not in it; 401 without a recent second factor
   */
  async reveal(caller: Caller, clientId: string, secretId: string): Promise<string> {
    this.vault.requireOn();
    await this.stepUp.require(caller);
    return this.database.transaction(async (transaction) => {
      const client = await this.clients.lock(transaction, caller, clientId);
      requireMayManage(caller, client);
      const { rows } = await transaction.query<{ sealed: string | null }>(
        'SELECT sealed FROM client_secrets WHERE client = $1 AND id = $2',
        [client.id, secretId],
      );
      if (!rows[0]) throw Problem.notFound('secret');
      const plain = this.vault.reveal(rows[0].sealed, 'client_secrets.sealed', secretId);
      await this.record(transaction, caller, client, 'credential.revealed', {
        credential: 'client_secret',
        secret_id: secretId,
      });
      return plain;
    });
  }

  private record(
    transaction: Transaction,
    { actor, origin }: Caller,
    client: { clientId: string; customerId: string },
    type: 'client_secret.rotated' | 'client_secret.deleted' | 'credential.revealed',
    detail: AuditEventDetails[typeof type],
  ): Promise<void> {
    const { clientId, customerId } = client;
    const event = { actor, origin, client_id: clientId, customer_id: customerId };
    return this.audit.record(transaction, { ...event, type, detail } as Parameters<AuditLog['record']>[1]);
  }
}
