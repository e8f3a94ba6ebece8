import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { compactVerify, createLocalJWKSet, errors } from 'jose';
import {
  NO_REQUEST,
  RefusalRecorder,
  SYSTEM,
  type AuthenticatedClient,
  type Caller,
  type Principal,
  type Refusal,
  type RefusalDetails,
} from '#access-control';
import { AuditLog, CheckpointSigning, type CheckpointClaims, type CheckpointKeys } from '#audit-log';
import { Grants, SignedInPeople, type LiveGrants, type NewGrant, type SignedIn } from '#authorization-codes';
import { ClientStore, ClientTokens, DefaultClients, LastAuthorizations, requireMayManage } from '#clients';
import { DefaultClientsOfCustomer, type DefaultClientOfCustomer } from '#customers';
import { Database, type Queryable, type Transaction } from '#database';
import { Clock, Problem } from '#http-api';
import { Metrics, type Counter } from '#observability';
import { OperatorGrants, Sessions } from '#operators';
import { AuthorizationGrants, ClientDirectory, countLiveTokens, SigningKeys } from '#tokens';
import { ClientUsage, UsedClients } from '#usage';

/** Reasons that are not counted: the one is on record beside the refusal itself, the other's client is gone. */
const UNCOUNTED = ['too_many_failures', 'client_deleted'];

/** What the guards ask of the audit log, and of the counters: a refusal is on record, and counted where its client is known. */
@Injectable()
export class CountedRefusals extends RefusalRecorder {
  private readonly refusals: Counter;

  constructor(
    private readonly audit: AuditLog,
    private readonly usage: ClientUsage,
    metrics: Metrics,
  ) {
    super();
    this.refusals = metrics.counter({
      name: 'postern_refusals_total',
      help: 'Refused calls by audit event type and reason.',
      labels: ['type', 'reason'],
    });
  }

  recordRefusal<Type extends keyof RefusalDetails>(refusal: Refusal<Type>): Promise<void> {
    const { client_id: clientId, customer_id: customerId, detail } = refusal;
    const reason = 'reason' in detail ? (detail.reason as string) : 'none';
    this.refusals.add(refusal.type, reason);
    if (clientId && customerId !== null && !UNCOUNTED.includes(reason)) this.usage.refused(clientId);
    return this.audit.recordRefusal(refusal);
  }
}

/** What counters ask of clients. */
@Injectable()
export class RegisteredClientsInUse extends UsedClients {
  constructor(private readonly store: ClientStore) {
    super();
  }

  see(caller: Principal, clientId: string): Promise<{ id: string; clientId: string }> {
    return this.store.see(caller, clientId);
  }
}

/** What clients ask of tokens: deleting a client ends its own, and a list counts those that are active. */
@Injectable()
export class TokensOfClients extends ClientTokens {
  constructor(
    private readonly grants: AuthorizationGrants,
    private readonly database: Database,
  ) {
    super();
  }

  async endAll(transaction: Queryable, client: string, at: Date): Promise<number> {
    return (await this.grants.endAllOf(transaction, { client }, at)).accessTokens;
  }

  countLive(clients: readonly string[], at: Date): Promise<number[]> {
    return countLiveTokens(this.database, clients, at);
  }
}

/** What people ask of tokens: whoever goes ends what stems from him, and that is on record. */
@Injectable()
export class EndedWithPerson extends OperatorGrants {
  constructor(
    private readonly grants: AuthorizationGrants,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {
    super();
  }

  async endAll(
    ...[transaction, operator, at, reason]: Parameters<OperatorGrants['endAll']>
  ): Promise<number> {
    const { grants, accessTokens: count } = await this.grants.endAllOf(transaction, { operator }, at);
    if (grants + count === 0) return 0;
    const { rows } = await transaction.query<{ username: string; customerId: string }>(
      'SELECT username, customer_id AS "customerId" FROM operators WHERE id = $1',
      [operator],
    );
    await this.audit.record(transaction, {
      type: 'access_token.revoked',
      actor: SYSTEM,
      origin: NO_REQUEST,
      customer_id: rows[0]?.customerId ?? null,
      detail: { reason, count, operator: rows[0]?.username },
    });
    return count;
  }

  endFirstParty(
    ...[transaction, operator, at, of]: Parameters<OperatorGrants['endFirstParty']>
  ): Promise<number> {
    const which = of === 'all' ? {} : 'at' in of ? { signIn: of.at } : { but: of.allBut };
    return this.grants.endBuiltIn(transaction, operator, at, which);
  }

  noteSecondFactor(
    ...[transaction, accessToken, at]: Parameters<OperatorGrants['noteSecondFactor']>
  ): Promise<Date | undefined> {
    return this.grants.noteSecondFactor(transaction, accessToken, at);
  }

  secondFactorAt(accessToken: string): Promise<Date | null> {
    return this.grants.secondFactorAt(this.database, accessToken);
  }
}

/** What codes ask of tokens: the grants that they belong to. */
@Injectable()
export class GrantsOfCodes extends Grants {
  constructor(
    private readonly grants: AuthorizationGrants,
    private readonly database: Database,
  ) {
    super();
  }

  liveOf(operator: string, at: Date): Promise<LiveGrants[]> {
    return this.grants.liveOf(this.database, operator, at);
  }

  open(transaction: Queryable, grant: NewGrant): Promise<string> {
    return this.grants.open(transaction, grant);
  }

  async endBetween(transaction: Queryable, operator: string, client: string, at: Date): Promise<number> {
    return (await this.grants.endAllOf(transaction, { operator, client }, at)).accessTokens;
  }
}

/** What tokens ask of clients. */
@Injectable()
export class RegisteredClients extends ClientDirectory {
  constructor(
    private readonly store: ClientStore,
    private readonly lastAuthorizations: LastAuthorizations,
    private readonly clock: Clock,
  ) {
    super();
  }

  see(caller: Principal, clientId: string): Promise<AuthenticatedClient> {
    return this.store.see(caller, clientId);
  }

  forRevoking(caller: Principal, clientId: string): Promise<AuthenticatedClient> {
    return this.store.seeForChange(caller, clientId);
  }

  noteToken(...[transaction, client, token]: Parameters<ClientDirectory['noteToken']>): Promise<void> {
    return this.lastAuthorizations.noteToken(transaction, client, token);
  }

  async forRevealing(caller: Principal, clientId: string): Promise<AuthenticatedClient> {
    const client = await this.store.seeForChange(caller, clientId);
    requireMayManage(caller, client);
    return client;
  }

  async forHandingOut(caller: Principal, clientId: string): Promise<AuthenticatedClient> {
    const client = await this.store.seeForChange(caller, clientId);
    requireMayManage(caller, client);
    const { validUntil } = client;
    const ended = validUntil && this.clock.now() >= validUntil;
    if (!client.active || ended) throw Problem.conflict('client_id', 'is a client that is not active');
    return client;
  }
}

/** What customers ask of clients: the two that each one begins with. */
@Injectable()
export class RegisteredWithCustomer extends DefaultClientsOfCustomer {
  constructor(private readonly clients: DefaultClients) {
    super();
  }

  async create(
    transaction: Transaction,
    caller: Caller,
    customerId: string,
  ): Promise<DefaultClientOfCustomer[]> {
    const made = await this.clients.createFurther(transaction, caller, customerId);
    return made.map(({ client: { name, clientId }, generatedSecret }) => ({
      name,
      clientId,
      clientSecret: generatedSecret!,
    }));
  }
}

/** What the code flow asks of operators: who is signed in. */
@Injectable()
export class PeopleWithSessions extends SignedInPeople {
  constructor(private readonly sessions: Sessions) {
    super();
  }

  of(request: FastifyRequest): Promise<SignedIn | undefined> {
    return this.sessions.of(request);
  }
}

/** Names what a checkpoint is, so that no other JWS of Postern's can stand for one. */
const CHECKPOINT_TYPE = 'postern-audit-checkpoint';

/** What the audit log asks of signing keys: that its checkpoints are signed. */
@Injectable()
export class SignedCheckpoints extends CheckpointSigning {
  constructor(private readonly signingKeys: SigningKeys) {
    super();
  }

  async keys(): Promise<CheckpointKeys> {
    const signer = await this.signingKeys.signer('ES256');
    const keys = createLocalJWKSet({ keys: (await this.signingKeys.published()).map((key) => ({ ...key })) });
    return {
      kid: signer.kid,
      sign: (claims) => signer.sign(CHECKPOINT_TYPE, claims),
      open: async (jws) => {
        try {
          const { payload, protectedHeader } = await compactVerify(jws, keys);
          if (protectedHeader.typ !== CHECKPOINT_TYPE) return undefined;
          return JSON.parse(Buffer.from(payload).toString()) as CheckpointClaims;
        } catch (error) {
          if (error instanceof errors.JOSEError) return undefined;
          throw error;
        }
      },
    };
  }
}
