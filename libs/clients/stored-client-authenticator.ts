import { generateKeyPairSync } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  ClientAuthenticator,
  standingFault,
  UsedJtis,
  type ClientAuthentication,
  type ClientCredentials,
  type RequestOrigin,
} from '#access-control';
import { CachedRecords, ChangeFeed, Database, PeriodicBatch, selectColumns, touchLastUsed } from '#database';
import { PublicUrl } from '#configuration';
import { Clock } from '#http-api';
import {
  CLIENT_ID,
  ClientAssertionFault,
  hasSecret,
  verifyClientAssertion,
  type ClientAssertion,
  type Jwks,
} from '#oauth-protocol';
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

/** A client's use, and which of its secrets it showed. */
interface Use {
  client: string;
  secret?: string;
  at: Date;
}

/** Stands for the keys of who has none, so that it takes as long to refuse his assertion. Its private part is lost. */
const NOBODYS_KEYS: Jwks = {
  keys: [{ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) }],
};

/** Clients that are remembered. */
const MAX_CANDIDATES = 10_000;

/** Authenticates clients: one lookup each, and none while nothing has changed since the last. */
@Injectable()
export class StoredClientAuthenticator extends ClientAuthenticator implements OnApplicationShutdown {
  private readonly uses: PeriodicBatch<string, Use>;
  private readonly candidates: CachedRecords<Candidate>;

  constructor(
    private readonly database: Database,
    changes: ChangeFeed,
    private readonly hashing: SecretHashing,
    private readonly usage: ClientUsage,
    private readonly usedJtis: UsedJtis,
    private readonly publicUrl: PublicUrl,
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
   * 2. The client is registered for a secret at all.
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

  /**
   * 1. The client is there, and registered for `private_key_jwt`; it costs the same whether it is.
   * 2. One of its keys signed the assertion, which is in order (`verifyClientAssertion`).
   * 3. The client is active, within its validity, and calls from an address that it may use.
   * 4. The assertion is shown for the first time, here and on every other instance.
   */
  async authenticateByAssertion(
    { clientId, assertion }: { clientId: string; assertion: string },
    origin: RequestOrigin,
  ): Promise<ClientAuthentication> {
    const client = (await this.candidate(clientId))?.client;
    const registered = client?.tokenEndpointAuthMethod === 'private_key_jwt';
    const jwks = (registered && client.jwks) || NOBODYS_KEYS;
    const verified = await this.verify(assertion, jwks, clientId);
    if (!client) return { failure: 'unknown_client', clientId, customerId: null };
    const of = { clientId, customerId: client.customerId };
    if (!registered) return { failure: 'method_not_registered', ...of };
    if (verified instanceof ClientAssertionFault) {
      if (!verified.signed) return { failure: 'assertion_not_signed', ...of };
      return { failure: 'assertion_not_in_order', told: verified.message, ...of };
    }
    const fault = standingFault(client, this.clock.now(), origin.ip);
    if (fault) return { failure: fault, ...of };
    if (!(await this.usedJtis.isFirst({ by: client.id, ...verified })))
      return { failure: 'assertion_used_before', told: 'The client assertion was used before.', ...of };
    return this.admitted(client);
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
    if (!hasSecret(client.tokenEndpointAuthMethod))
      return { failure: 'method_not_registered', clientId, customerId };
    const fault = standingFault(client, this.clock.now(), origin.ip);
    if (fault) return { failure: fault, clientId, customerId };
    return this.admitted(client, secret.id);
  }

  private admitted(client: ClientEntity, secret?: string): ClientAuthentication {
    this.uses.note(secret ?? client.id, { client: client.id, secret, at: this.clock.now() });
    this.usage.admitted(client.clientId);
    return { client };
  }

  private async verify(
    assertion: string,
    jwks: Jwks,
    clientId: string,
  ): Promise<ClientAssertion | ClientAssertionFault> {
    try {
      const { issuer } = this.publicUrl;
      return await verifyClientAssertion(assertion, jwks, { clientId, issuer, now: this.clock.now() });
    } catch (error) {
      if (error instanceof ClientAssertionFault) return error;
      throw error;
    }
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

  private async writeUses(entries: [string, Use][]): Promise<void> {
    const secrets = entries.flatMap(([, { secret, at }]) =>
      secret === undefined ? [] : [{ id: secret, at }],
    );
    const clients = entries.map(([, { client, at }]) => ({ id: client, at }));
    if (secrets.length > 0) await touchLastUsed(this.database, 'client_secrets', secrets);
    await touchLastUsed(this.database, 'clients', clients);
  }
}
