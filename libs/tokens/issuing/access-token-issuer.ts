import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor, AuthenticatedClient, RequestOrigin } from '#access-control';
import { AuditLog, insertAuditEventsSql } from '#audit-log';
import { Database, GroupCommit } from '#database';
import { secretHint, sha256 } from '#oauth-protocol';
import type { AccessTokenEntity, TokenGrantType } from '../access-token.entity.js';
import { AccessTokenTexts, type UnwrittenToken } from './access-token-texts.js';

/** What is granted, and to whom. */
export interface TokenGrant {
  client: AuthenticatedClient;
  grantType: TokenGrantType;
  scopes: string[];
  issuedAt: Date;
  expiresAt: Date;
  /** Whom the token speaks for: the client itself, or a person. */
  subject: string;
  /** When the person signed in; absent for the client itself. */
  authenticatedAt?: Date;
  note?: string;
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
  event: object;
}

/** One statement for all tokens of a batch and their audit events: both are durable, or neither. */
const INSERT = `
  WITH issued AS (
    INSERT INTO access_tokens (id, token_hash, hint, client, client_id, customer_id, format, scopes, grant_type, subject,
      note, issued_by, issued_at, expires_at)
    SELECT id, decode(token_hash, 'hex'), hint, client, client_id, customer_id, format, scopes, grant_type, subject,
      note, issued_by, issued_at, expires_at
    FROM jsonb_to_recordset($1::jsonb) AS token(id uuid, token_hash text, hint text, client uuid, client_id text,
      customer_id text, format text, scopes text[], grant_type text, subject text, note text, issued_by text,
      issued_at timestamptz, expires_at timestamptz))
  ${insertAuditEventsSql('$2')}`;

/** Makes access tokens. One is durable, and on record, before anybody sees it. */
@Injectable()
export class AccessTokenIssuer {
  private readonly insertions: GroupCommit<Insertion>;

  constructor(
    database: Database,
    private readonly audit: AuditLog,
    private readonly texts: AccessTokenTexts,
  ) {
    this.insertions = new GroupCommit(async (batch) => {
      await database.query(INSERT, [
        JSON.stringify(batch.map(rowOf)),
        JSON.stringify(batch.map(({ event }) => event)),
      ]);
    });
  }

  async issue(grant: TokenGrant): Promise<IssuedToken> {
    const text = await this.texts.writerFor(grant.client);
    const unwritten = tokenOf(grant);
    const accessToken = await text(unwritten, grant.authenticatedAt);
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
      },
    });
    await this.insertions.add({ token, hash: sha256(accessToken).toString('hex'), event });
    return { token, accessToken };
  }
}

function tokenOf(grant: TokenGrant): UnwrittenToken {
  const { client, grantType, scopes, issuedAt, expiresAt, subject, note, actor } = grant;
  return {
    id: uuidv7(),
    client: client.id,
    clientId: client.clientId,
    customerId: client.customerId,
    format: client.accessTokenFormat,
    scopes,
    grantType,
    subject,
    note: note ?? null,
    issuedBy: actor.id ?? actor.kind,
    issuedAt,
    expiresAt,
    lastUsedAt: null,
    lastUsedIp: null,
    revokedAt: null,
    grantId: null,
    operator: null,
  };
}

function rowOf({ token, hash }: Insertion): object {
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
    note: token.note,
    issued_by: token.issuedBy,
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
  };
}
