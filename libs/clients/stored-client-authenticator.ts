import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  ClientAuthenticator,
  standingFault,
  type ClientAuthentication,
  type ClientCredentials,
  type RequestOrigin,
} from '#access-control';
import { CachedRecords, ChangeFeed, Database, PeriodicBatch, selectColumns, touchLastUsed } from '#database';
import { Clock } from '#http-api';
import { CLIENT_ID } from '#oauth-protocol';
import { ClientUsage } from '#usage';
import { ClientEntity } from './client.entity.js';
import { SecretHashing, type StoredSecret } from './secrets/secret-hashing.js';

/** A client with its secrets, those that have expired lately too. */
interface Candidate {
  client: ClientEntity;
  secrets: (StoredSecret & { expiresAt: Date | null })[];
}

type CandidateRow = ClientEntity & {
  secretId: string | null;
  algorithm: StoredSecret['algorithm'];
  hash: string;
  expiresAt: Date | null;
};

const SELECT = `
  SELECT ${selectColumns(ClientEntity, 'c')}, s.id AS "secretId", s.algorithm, s.hash, s.expires_at AS "expiresAt"
  FROM clients c LEFT JOIN client_secrets s ON s.client = c.id
  WHERE c.client_id = $1`;

/** Clients that are remembered. */
const MAX_CANDIDATES = 10_000;

/** Authenticates clients: one lookup each, and none while nothing has changed since the last. */
@Injectable()
export class StoredClientAuthenticator extends ClientAuthenticator implements OnApplicationShutdown {
  private readonly uses: PeriodicBatch<string, { client: string; at: Date }>;
  private readonly candidates: CachedRecords<Candidate>;

  constructor(
    private readonly database: Database,
    changes: ChangeFeed,
    private readonly hashing: SecretHashing,
    private readonly usage: ClientUsage,
    private readonly clock: Clock,
  ) {
    super();
    this.uses = new PeriodicBatch((entries) => this.writeUses(entries));
    this.candidates = new CachedRecords(changes, 'client-credentials', MAX_CANDIDATES, (clientId) =>
      this.load(clientId),
    );
  }

  /**
   * 1. Some reading of the credentials names a client and one of its live secrets; each reading
   *    costs the same whether the client exists or not.
   * 2. The client is registered for a secret at all (not `none`).
   * 3. It is active, within its validity, and calls from an address that it may use.
   */
  async authenticate({ readings }: ClientCredentials, origin: RequestOrigin): Promise<ClientAuthentication> {
    let known: ClientEntity | undefined;
    for (const { clientId, clientSecret } of readings) {
      const candidate = this.candidates.known(clientId) ?? (await this.candidate(clientId));
      const secret = await this.hashing.match(clientSecret, this.liveSecrets(candidate));
      known ??= candidate?.client;
      if (candidate && secret) return this.admit(candidate.client, secret, origin);
    }
    const failure = known ? 'wrong_secret' : 'unknown_client';
    return {
      failure,
      clientId: known?.clientId ?? readings[0]!.clientId,
      customerId: known?.customerId ?? null,
    };
  }

  /** A public client, registered for `none`; whoever has a secret must show it. */
  async identify(clientId: string, origin: RequestOrigin): Promise<ClientAuthentication> {
    const client = (await this.candidate(clientId))?.client;
    if (!client) return { failure: 'unknown_client', clientId, customerId: null };
    const { customerId } = client;
    if (client.tokenEndpointAuthMethod !== 'none') return { failure: 'no_credentials', clientId, customerId };
    const fault = standingFault(client, this.clock.now(), origin.ip);
    return fault ? { failure: fault, clientId, customerId } : { client };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.uses.close();
  }

  private admit(client: ClientEntity, secret: StoredSecret, origin: RequestOrigin): ClientAuthentication {
    const { clientId, customerId } = client;
    const now = this.clock.now();
    if (client.tokenEndpointAuthMethod === 'none')
      return { failure: 'method_not_registered', clientId, customerId };
    const fault = standingFault(client, now, origin.ip);
    if (fault) return { failure: fault, clientId, customerId };
    this.uses.note(secret.id, { client: client.id, at: now });
    this.usage.admitted(clientId);
    return { client };
  }

  private async candidate(clientId: string): Promise<Candidate | undefined> {
    return CLIENT_ID.test(clientId) ? this.candidates.find(clientId) : undefined;
  }

  private async load(clientId: string): Promise<Candidate | undefined> {
    const { rows } = await this.database.query<CandidateRow>(SELECT, [clientId]);
    if (!rows[0]) return undefined;
    const secrets = rows.flatMap(({ secretId, algorithm, hash, expiresAt }) =>
      secretId ? [{ id: secretId, algorithm, hash, expiresAt }] : [],
    );
    return { client: rows[0], secrets };
  }

  private liveSecrets(candidate: Candidate | undefined): StoredSecret[] {
    const now = this.clock.now();
    return candidate?.secrets.filter(({ expiresAt }) => !expiresAt || expiresAt > now) ?? [];
  }

  private async writeUses(entries: [string, { client: string; at: Date }][]): Promise<void> {
    const secrets = entries.map(([id, { at }]) => ({ id, at }));
    const clients = entries.map(([, { client, at }]) => ({ id: client, at }));
    await touchLastUsed(this.database, 'client_secrets', secrets);
    await touchLastUsed(this.database, 'clients', clients);
  }
}
