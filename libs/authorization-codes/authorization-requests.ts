import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, selectColumns, type Queryable } from '#database';
import { Clock } from '#http-api';
import { sha256 } from '#oauth-protocol';
import { AuthorizationRequestEntity } from './authorization-request.entity.js';

/** How long a person has, from the client's request to his consent, in milliseconds. */
const LIFETIME_MS = 10 * 60 * 1000;

const COLUMNS = selectColumns(AuthorizationRequestEntity, 'r');
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type NewAuthorizationRequest = Omit<
  AuthorizationRequestEntity,
  'id' | 'browserHash' | 'createdAt' | 'expiresAt'
>;

/** The authorization requests under way. Each belongs to the browser that looked first, by that browser's secret. */
@Injectable()
export class AuthorizationRequests {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns the request's id, which cannot be guessed */
  async keep(request: NewAuthorizationRequest): Promise<string> {
    const id = randomUUID();
    const now = this.clock.now();
    await this.database.query(
      `INSERT INTO authorization_requests
         (id, client, redirect_uri, redirect_uri_sent, scopes, state, code_challenge, prompt, created_at, expires_at,
          dpop_jkt, resources, pushed)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        id,
        request.client,
        request.redirectUri,
        request.redirectUriSent,
        request.scopes,
        request.state,
        request.codeChallenge,
        request.prompt,
        now,
        new Date(now.getTime() + LIFETIME_MS),
        request.dpopJkt,
        request.resources,
        request.pushed,
      ],
    );
    return id;
  }

  /** The request, which is this browser's from the first look on. @returns undefined for another's, or an expired one */
  async take(id: string, browser: string): Promise<AuthorizationRequestEntity | undefined> {
    if (!UUID.test(id)) return undefined;
    const { rows } = await this.database.query<AuthorizationRequestEntity>(
      `UPDATE authorization_requests r SET browser_hash = $2
       WHERE r.id = $1 AND r.expires_at > $3 AND (r.browser_hash IS NULL OR r.browser_hash = $2)
       RETURNING ${COLUMNS}`,
      [id, sha256(browser), this.clock.now()],
    );
    return rows[0];
  }

  /** The request where it is this browser's already. */
  async find(id: string, browser: string): Promise<AuthorizationRequestEntity | undefined> {
    if (!UUID.test(id)) return undefined;
    const { rows } = await this.database.query<AuthorizationRequestEntity>(
      `SELECT ${COLUMNS} FROM authorization_requests r
       WHERE r.id = $1 AND r.expires_at > $3 AND r.browser_hash = $2`,
      [id, sha256(browser), this.clock.now()],
    );
    return rows[0];
  }

  /** Ends a request, once. @returns false where it had ended before */
  async end(queryable: Queryable, id: string): Promise<boolean> {
    const { rowCount } = await queryable.query(
      'DELETE FROM authorization_requests WHERE id = $1 AND expires_at > $2',
      [id, this.clock.now()],
    );
    return rowCount === 1;
  }
}
