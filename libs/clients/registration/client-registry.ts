import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { reachOf, StepUp, type Caller } from '#access-control';
import { AuditLog, type AuditEventDetails } from '#audit-log';
import { Configuration } from '#configuration';
import { Database, timeOrderedId, type Transaction, violatesForeignKey, violatesUnique } from '#database';
import { Clock, Problem, requireMatch } from '#http-api';
import { hasSecret, READ_SCOPES } from '#oauth-protocol';
import { ClientTokens } from '../client-tokens.port.js';
import { ClientEntity } from '../client.entity.js';
import { requireMayGive, requireMayManage } from '../delegation.js';
import { ScopeCatalogue } from '../scopes/scope-catalogue.js';
import { ClientSecrets } from '../secrets/client-secrets.js';
import { clientETag, settingsOf } from './client.presenter.js';
import { requireConsistent } from './client-settings.js';
import { FAPI2_SETTINGS } from './fapi2-settings.js';
import { ClientStore } from './client-store.js';
import type { CreateClientDto } from './create-client.dto.js';
import type { UpdateClientDto } from './update-client.dto.js';

const DAY = 86_400;

/** Registers, changes and removes clients; each with its audit event, in one transaction. */
@Injectable()
export class ClientRegistry {
  constructor(
    private readonly database: Database,
    private readonly store: ClientStore,
    private readonly secrets: ClientSecrets,
    private readonly scopes: ScopeCatalogue,
    private readonly stepUp: StepUp,
    private readonly tokens: ClientTokens,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {}

  /**
   * @param within a transaction to take part in; default: one of its own
   * @returns the client, and its secret this one time, where it has one
   */
  async register(
    caller: Caller,
    dto: CreateClientDto,
    within?: Transaction,
  ): Promise<{ client: ClientEntity; clientSecret?: string }> {
    const client = this.newClient(dto, dto.customer_id ?? caller.customerId);
    const reach = reachOf(caller, 'change');
    if (reach !== undefined && client.customerId !== reach)
      throw Problem.invalidField('customer_id', 'is not a customer of yours');
    requireMayGive(caller, client.scopes);
    requireConsistent(client);
    const { tokenEndpointAuthMethod: method } = client;
    if (!hasSecret(method) && dto.client_secret !== undefined) {
      throw Problem.invalidField('client_secret', `does not go with the auth method ${method}`);
    }
    const secret = hasSecret(method) ? await this.secrets.prepare(dto.client_secret) : undefined;
    const work = async (transaction: Transaction) => {
      await this.stepUp.requireToHold(caller, client.scopes, transaction);
      await this.scopes.require(transaction, client.customerId, client.scopes);
      await this.write(() => transaction.manager.insert(ClientEntity, client));
      if (secret) await this.secrets.store(transaction, client.id, secret);
      const detail = { name: client.name, scopes: client.scopes };
      await this.record(transaction, caller, client, 'client.created', detail);
      return { client, clientSecret: secret?.plain };
    };
    return within ? work(within) : this.database.transaction(work);
  }

  /**
   * Changes what the request names and nothing else.
   * @param options.within a transaction to take part in; default: one of its own
   * @throws Problem 412 for a stale `If-Match`
   */
  async change(
    caller: Caller,
    clientId: string,
    dto: UpdateClientDto,
    { ifMatch, within }: { ifMatch?: string; within?: Transaction } = {},
  ): Promise<ClientEntity> {
    const changes = settingsOf(dto);
    const work = async (transaction: Transaction) => {
      const before = await this.store.lock(transaction, caller, clientId);
      requireMatch(ifMatch, clientETag(before));
      requireMayManage(caller, before);
      requireMayGive(caller, dto.scopes ?? []);
      await this.stepUp.requireToHold(caller, [...before.scopes, ...(dto.scopes ?? [])], transaction);
      if (Object.keys(changes).length === 0) return before;
      const after = { ...before, ...changes, version: before.version + 1, updatedAt: this.clock.now() };
      requireConsistent(after);
      if (dto.scopes) await this.scopes.require(transaction, before.customerId, dto.scopes);
      const { version, updatedAt } = after;
      await this.write(() =>
        transaction.manager.update(ClientEntity, { id: before.id }, { ...changes, version, updatedAt }),
      );
      await this.record(transaction, caller, after, 'client.updated', {
        fields: Object.keys(dto).filter((field) => dto[field as keyof UpdateClientDto] !== undefined),
        scopes: dto.scopes,
        active: dto.active,
      });
      return after;
    };
    return within ? work(within) : this.database.transaction(work);
  }

  /** Removes a client and ends its tokens for good, even if the id is used again. */
  async remove(caller: Caller, clientId: string, ifMatch?: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const client = await this.store.lock(transaction, caller, clientId);
      requireMatch(ifMatch, clientETag(client));
      requireMayManage(caller, client);
      const ended = await this.tokens.endAll(transaction, client.id, this.clock.now());
      await transaction.manager.delete(ClientEntity, { id: client.id });
      await this.record(transaction, caller, client, 'client.deleted', {
        name: client.name,
        tokens_revoked: ended,
      });
    });
  }

  private newClient(dto: CreateClientDto, customerId: string): ClientEntity {
    const now = this.clock.now();
    return Object.assign(new ClientEntity(), {
      notes: '',
      active: true,
      scopes: Object.keys(READ_SCOPES),
      grantTypes: ['client_credentials'],
      tokenEndpointAuthMethod: 'client_secret_basic',
      redirectUris: [],
      requirePkce: true,
      requirePar: false,
      dpopBoundAccessTokens: false,
      resources: [],
      profile: null,
      accessTokenFormat: 'opaque',
      accessTokenSigningAlg: 'ES256',
      accessTokenTtl: this.configuration.accessTokenTtl,
      refreshTokenTtl: 30 * DAY,
      publicBaseUri: null,
      allowedCidrs: [],
      jwks: null,
      validFrom: null,
      validUntil: null,
      lastUsedAt: null,
      authorizationRedirectUri: null,
      authorizationCodeHint: null,
      authorizationCodeCreatedAt: null,
      authorizationAccessTokenHint: null,
      authorizationTokenCreatedAt: null,
      authorizationPassthruUser: null,
      ...(dto.profile === 'fapi2' ? FAPI2_SETTINGS : {}),
      ...settingsOf(dto),
      name: dto.name,
      id: timeOrderedId(),
      clientId: dto.client_id ?? randomBytes(16).toString('hex'),
      customerId,
      builtIn: false,
      version: 1,
      createdAt: now,
      updatedAt: now,
    } satisfies ClientEntity);
  }

  private async write(statement: () => Promise<unknown>): Promise<void> {
    try {
      await statement();
    } catch (error) {
      if (violatesUnique(error, 'clients_client_id_unique')) throw Problem.conflict('client_id', 'is taken');
      if (violatesUnique(error, 'clients_name_unique'))
        throw Problem.conflict('name', 'is taken by another client');
      if (violatesForeignKey(error)) throw Problem.invalidField('customer_id', 'is not a customer');
      throw error;
    }
  }

  private record<Type extends 'client.created' | 'client.updated' | 'client.deleted'>(
    transaction: Transaction,
    caller: Caller,
    client: ClientEntity,
    type: Type,
    detail: AuditEventDetails[Type],
  ): Promise<void> {
    const { actor, origin } = caller;
    return this.audit.record(transaction, {
      type,
      actor,
      origin,
      client_id: client.clientId,
      customer_id: client.customerId,
      detail,
    });
  }
}
