import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { validityFault, type ClientStanding, type RevokedUse, type TokenVerification } from '#access-control';
import { Configuration } from '#configuration';
import { CachedRecords, ChangeFeed, Database } from '#database';
import { Clock } from '#http-api';
import { ACCESS_TOKEN, givenScopes, hasFormat, sha256, type Role } from '#oauth-protocol';
import { looksLikeJwt } from '../issuing/jwt-access-token.js';

/** What is on record of an access token itself. */
export interface StoredToken {
  id: string;
  /** The client row's id. */
  client: string;
  clientId: string;
  customerId: string;
  scopes: string[];
  subject: string | null;
  issuedAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  /** The id of the person that it speaks for. */
  operator: string | null;
  /** The thumbprint of the key that it is bound to. */
  dpopJkt: string | null;
  /** The resources that it is for; null for Postern itself. */
  audience: string[] | null;
}

/** Its client as it is now. */
interface ClientNow extends ClientStanding {
  scopes: string[];
  /** Postern's own. */
  builtIn: boolean;
  dpopBoundAccessTokens: boolean;
}

/** The person that it speaks for, as he is now. */
interface PersonNow {
  id: string;
  username: string;
  role: Role;
  customerId: string;
  active: boolean;
}

/** An access token on record, with its client and its person as they are now, where they are still there. */
export interface TokenRecord {
  token: StoredToken;
  client: ClientNow | undefined;
  person: PersonNow | undefined;
}

const SELECT_TOKEN = `
  SELECT id, client, client_id AS "clientId", customer_id AS "customerId", scopes, subject,
    issued_at AS "issuedAt", expires_at AS "expiresAt", revoked_at AS "revokedAt", operator,
    dpop_jkt AS "dpopJkt", audience
  FROM access_tokens WHERE token_hash = $1::bytea`;

const SELECT_CLIENT = `
  SELECT scopes, built_in AS "builtIn", dpop_bound_access_tokens AS "dpopBoundAccessTokens", active, valid_from AS "validFrom", valid_until AS "validUntil", allowed_cidrs AS "allowedCidrs"
  FROM clients WHERE id = $1`;

const SELECT_PERSON = `
  SELECT id, username, role, customer_id AS "customerId", active FROM operators WHERE id = $1`;

/** Clients and people that are remembered, and what many tokens have in common. */
const MAX_HOLDERS = 10_000;

/** What a client's tokens are alike in: a hundred thousand of them hold one copy of it. */
type Common = Pick<StoredToken, 'client' | 'clientId' | 'customerId' | 'subject' | 'scopes'>;

/**
 * Finds access tokens. Codes, sessions, secrets and refresh tokens have other shapes, and are not
 * looked for. A JWT is looked up like every other: what its header and claims say is of no account
 * here (docs/decisions/0012).
 */
@Injectable()
export class TokenRecords {
  private readonly tokens: CachedRecords<StoredToken>;
  private readonly clients: CachedRecords<ClientNow>;
  private readonly people: CachedRecords<PersonNow>;
  private readonly common = new LRUCache<string, Common>({ max: MAX_HOLDERS });

  constructor(
    database: Database,
    changes: ChangeFeed,
    configuration: Configuration,
    private readonly clock: Clock,
  ) {
    const first = <Row extends object>(sql: string) => {
      return async (key: string) => (await database.query<Row>(sql, [key])).rows[0];
    };
    const findToken = first<StoredToken>(SELECT_TOKEN);
    this.tokens = new CachedRecords(changes, 'access-token', configuration.tokenCacheSize, async (key) => {
      const token = await findToken(key);
      return token && { ...token, ...this.commonOf(token) };
    });
    this.clients = new CachedRecords(changes, 'client', MAX_HOLDERS, first<ClientNow>(SELECT_CLIENT));
    this.people = new CachedRecords(changes, 'operator', MAX_HOLDERS, first<PersonNow>(SELECT_PERSON));
  }

  private commonOf({ client, clientId, customerId, subject, scopes }: StoredToken): Common {
    const key = JSON.stringify([client, clientId, customerId, subject, scopes]);
    const common = this.common.get(key) ?? { client, clientId, customerId, subject, scopes };
    this.common.set(key, common);
    return common;
  }

  async find(accessToken: string): Promise<TokenRecord | undefined> {
    if (!hasFormat(ACCESS_TOKEN, accessToken) && !looksLikeJwt(accessToken)) return undefined;
    const key = keyOf(accessToken);
    const token = this.tokens.known(key) ?? (await this.tokens.find(key));
    if (!token) return undefined;
    // Nobody says of an expired one that it was removed.
    if (this.clock.now() >= token.expiresAt) this.tokens.evict(key);
    const { operator } = token;
    const client = this.clients.known(token.client) ?? (await this.clients.find(token.client));
    const person =
      operator === null ? undefined : (this.people.known(operator) ?? (await this.people.find(operator)));
    return { token, client, person };
  }
}

/** As PostgreSQL writes a bytea, and as it tells of changes. */
function keyOf(accessToken: string): string {
  return `\\x${sha256(accessToken).toString('hex')}`;
}

/**
 * What a token on record is worth now, wherever it is used:
 * 1. Its client is still there, and it has not been revoked.
 * 2. It has not expired.
 * 3. Its client may act now, and so may the person that it speaks for.
 * 4. It may do what both still may, and no more.
 */
export function judge(record: TokenRecord, now: Date): Exclude<TokenVerification, { status: 'unknown' }> {
  const { token, client, person } = record;
  const { revokedAt, expiresAt } = token;
  const identity = identityOf(record);
  const revoked = (reason: RevokedUse) =>
    ({ status: 'revoked', reason, revokedAt: revokedAt ?? undefined, ...identity }) as const;
  if (!client) return revoked('client_deleted');
  if (revokedAt) return revoked('token_revoked');
  if (now >= expiresAt) return { status: 'expired', expiredAt: expiresAt, ...identity };
  const fault = validityFault(client, now);
  if (fault) return revoked(fault);
  if (token.operator && !person?.active) return revoked('operator_inactive');
  const { dpopJkt } = token;
  const { dpopBoundAccessTokens: dpopRegistered } = client;
  return { status: 'active', scopes: scopesOf(token, client, person), dpopJkt, dpopRegistered, ...identity };
}

interface Given {
  client: ClientNow;
  person: PersonNow | undefined;
  scopes: string[];
}

/** What scopes came to last, by whom they were of: the same as long as those are. */
const given = new WeakMap<readonly string[], Given>();

function scopesOf(token: StoredToken, client: ClientNow, person: PersonNow | undefined): string[] {
  const last = given.get(token.scopes);
  if (last?.client === client && last.person === person) return last.scopes;
  const scopes = person
    ? givenScopes(token.scopes, client, person, token.customerId)
    : token.scopes.filter((scope) => client.scopes.includes(scope));
  given.set(token.scopes, { client, person, scopes });
  return scopes;
}

function identityOf({ token, client, person }: TokenRecord) {
  const { id: tokenId, client: row, clientId, customerId, operator } = token;
  if (!operator)
    return { tokenId, client: row, clientId, customerId, actor: { kind: 'client' as const, id: clientId } };
  return {
    tokenId,
    client: row,
    clientId,
    customerId,
    actor: { kind: 'operator' as const, id: person?.username ?? null },
    operator: person && { id: person.id, role: person.role, firstParty: client?.builtIn ?? false },
  };
}
