import { Injectable } from '@nestjs/common';
import type { Actor, AuthenticatedClient, RequestOrigin } from '#access-control';
import { AuditLog, insertAuditEventsSql } from '#audit-log';
import { Database, GroupCommit, idInOrderOf, type Queryable } from '#database';
import { secretHint, sha256 } from '#oauth-protocol';
import { Metrics, QUEUE_WAITING, type Counter } from '#observability';
import { Vault } from '#sealing';
import type { AccessTokenEntity, TokenGrantType } from '../access-token.entity.js';
import type { LockedGrant } from '../authorization-grants/authorization-grants.js';
import { AccessTokenTexts, type AccessTokenWriter, type UnwrittenToken } from './access-token-texts.js';
import type { PrivateClaims } from './jwt-access-token.js';

/** What is granted, and to whom. */
export interface TokenGrant {
  client: AuthenticatedClient;
  grantType: TokenGrantType;
  scopes: string[];
  issuedAt: Date;
  expiresAt: Date;
  /** What a person gave the client, for a token that speaks for him; it is of that grant's customer. */
  given?: LockedGrant;
  note?: string;
  /** The thumbprint of the key that it is bound to. */
  dpopJkt?: string;
  /** The resources that it is for; null for Postern itself. */
  audience?: string[] | null;
  /** What a JWT carries beside its usual claims. */
  claims?: PrivateClaims;
  /** Who has it made. */
  actor: Actor;
  origin: RequestOrigin;
}

export interface IssuedToken {
  token: AccessTokenEntity;
  /** The token itself, this one time. */
  accessToken: string;
}

interface Insertion {
  token: AccessTokenEntity;
  hash: string;
  /** What the vault keeps of it. */
  sealed: string | null;
  event: object;
}

/** One statement for all tokens of a batch and their audit events: both are durable, or neither. */
const INSERT = `
  WITH issued AS (
    INSERT INTO access_tokens (id, token_hash, hint, client, client_id, customer_id, format, scopes, grant_type, subject,
      note, issued_by, issued_at, expires_at, grant_id, operator, sealed, dpop_jkt, audience)
    SELECT id, decode(token_hash, 'hex'), hint, client, client_id, customer_id, format, scopes, grant_type, subject,
      note, issued_by, issued_at, expires_at, grant_id, operator, sealed, dpop_jkt, audience
    FROM jsonb_to_recordset($1::jsonb) AS token(id uuid, token_hash text, hint text, client uuid, client_id text,
      customer_id text, format text, scopes text[], grant_type text, subject text, note text, issued_by text,
      issued_at timestamptz, expires_at timestamptz, grant_id uuid, operator uuid, sealed text,
      dpop_jkt text, audience text[]))
  ${insertAuditEventsSql('$2')}`;

/** Makes access tokens. One is durable, and on record, before anybody sees it. */
@Injectable()
export class AccessTokenIssuer {
  private readonly insertions: GroupCommit<Insertion>;
  private readonly issued: Counter;

  constructor(
    database: Database,
    private readonly audit: AuditLog,
    private readonly texts: AccessTokenTexts,
    private readonly vault: Vault,
    metrics: Metrics,
  ) {
    this.insertions = new GroupCommit(async (batch) => {
      await database.queryAgain(INSERT, parametersOf(batch));
    });
    this.issued = metrics.counter({
      name: 'postern_tokens_issued_total',
      help: 'Access tokens by grant type (operator: handed out) and format.',
      labels: ['grant_type', 'format'],
    });
    metrics.gauge(QUEUE_WAITING, () => [{ labels: { queue: 'tokens' }, value: this.insertions.size }]);
  }

  /** Resolves when the token is durable. */
  async issue(grant: TokenGrant): Promise<IssuedToken> {
    const { insertion, issued } = this.prepare(grant, await this.texts.writerFor(grant.client));
    await this.insertions.add(insertion);
    this.issued.add(issued.token.grantType, issued.token.format);
    return issued;
  }

  /**
   * The same within a transaction that does more: the token is durable when that commits.
   * @param write asked of `AccessTokenTexts` before the transaction began
   */
  async issueWithin(
    transaction: Queryable,
    grant: TokenGrant,
    write: AccessTokenWriter,
  ): Promise<IssuedToken> {
    const { insertion, issued } = this.prepare(grant, write);
    await transaction.query(INSERT, parametersOf([insertion]));
    this.issued.add(issued.token.grantType, issued.token.format);
    return issued;
  }

  private prepare(
    grant: TokenGrant,
    write: AccessTokenWriter,
  ): { insertion: Insertion; issued: IssuedToken } {
    const unwritten = tokenOf(grant);
    const accessToken = write(unwritten, {
      authenticatedAt: grant.given?.grant.authenticatedAt,
      claims: grant.claims,
    });
    const token = { ...unwritten, hint: secretHint(accessToken) };
    const event = this.audit.row({
      type: 'access_token.issued',
      actor: grant.actor,
      origin: grant.origin,
      client_id: token.clientId,
      token_id: token.id,
      customer_id: token.customerId,
      detail: {
        grant_type: token.grantType,
        scopes: token.scopes,
        expires_at: token.expiresAt.toISOString(),
        note: token.note,
        operator: grant.given?.person.username,
      },
    });
    const sealed = grant.client.builtIn
      ? null
      : this.vault.keep(accessToken, 'access_tokens.sealed', token.id);
    const insertion = { token, hash: sha256(accessToken).toString('hex'), sealed, event };
    return { insertion, issued: { token, accessToken } };
  }
}

/** A person as a token's subject: no client_id holds a colon, so that the two are told apart (RFC 9068 §5). */
export function subjectOf(person: { id: string }): string {
  return `operator:${person.id}`;
}

function tokenOf({ client, given, actor, ...grant }: TokenGrant): UnwrittenToken {
  return {
    // In the order of issued_at: lists of tokens are sorted and found by it.
    id: idInOrderOf(grant.issuedAt),
    client: client.id,
    clientId: client.clientId,
    customerId: given?.grant.customerId ?? client.customerId,
    format: client.accessTokenFormat,
    scopes: grant.scopes,
    grantType: grant.grantType,
    subject: given ? subjectOf(given.person) : client.clientId,
    note: grant.note ?? null,
    issuedBy: given?.person.username ?? actor.id ?? actor.kind,
    issuedAt: grant.issuedAt,
    expiresAt: grant.expiresAt,
    lastUsedAt: null,
    lastUsedIp: null,
    revokedAt: null,
    grantId: given?.grant.id ?? null,
    operator: given?.person.id ?? null,
    dpopJkt: grant.dpopJkt ?? null,
    audience: grant.audience ?? null,
  };
}

/** The parameters of `INSERT`. */
function parametersOf(batch: Insertion[]): string[] {
  return [JSON.stringify(batch.map(rowOf)), JSON.stringify(batch.map(({ event }) => event))];
}

function rowOf({ token, hash, sealed }: Insertion): object {
  return {
    id: token.id,
    token_hash: hash,
    hint: token.hint,
    client: token.client,
    client_id: token.clientId,
    customer_id: token.customerId,
    format: token.format,
    scopes: token.scopes,
    grant_type: token.grantType,
    subject: token.subject,
    issued_by: token.issuedBy,
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    // What is left out is null: most have none of these.
    note: token.note ?? undefined,
    grant_id: token.grantId ?? undefined,
    operator: token.operator ?? undefined,
    sealed: sealed ?? undefined,
    dpop_jkt: token.dpopJkt ?? undefined,
    audience: token.audience ?? undefined,
  };
}
