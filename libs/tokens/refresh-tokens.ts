import { Injectable } from '@nestjs/common';
import { type Queryable, selectColumns, timeOrderedId } from '#database';
import type { AuthenticatedClient } from '#access-control';
import { generateSecret, hasFormat, REFRESH_TOKEN, sha256, type DpopProof } from '#oauth-protocol';
import type { AuthorizationGrantEntity } from './authorization-grants/authorization-grant.entity.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';

/** A person shows his password once a year at least. */
const MAX_GRANT_AGE_MS = 365 * 86_400_000;

/**
 * How long a client that refreshes twice at once, or never saw the answer, may come with the same
 * token again. Beyond it, or once it used what it was given instead, that is a replay.
 */
const GRACE_MS = 10_000;

const COLUMNS = selectColumns(RefreshTokenEntity, 'r');

/** When another one was rotated first that took the same one's place: the grace gave more than one. */
export const SIBLING_ROTATED_AT = `
  (SELECT min(s.rotated_at) FROM refresh_tokens s WHERE s.parent = r.parent AND s.id <> r.id) AS "siblingRotatedAt"`;

export interface RefreshToken extends RefreshTokenEntity {
  siblingRotatedAt: Date | null;
}

/** Whether something that happened to a token is longer ago than one who refreshes twice at once would be late. */
export function isBeyondGrace(since: Date | null, at: Date): boolean {
  return since !== null && Math.abs(at.getTime() - since.getTime()) > GRACE_MS;
}

/**
 * RFC 9449 §5: the key that the refresh token of a public client is bound to. One of a client that proves who
 * it is needs none, so that its key can change.
 */
export function boundKeyOf(
  { tokenEndpointAuthMethod }: AuthenticatedClient,
  proof: DpopProof | undefined,
): string | null {
  return tokenEndpointAuthMethod === 'none' && proof ? proof.jkt : null;
}

/** Refresh tokens on record. Whoever changes one holds the row of its grant. */
@Injectable()
export class RefreshTokens {
  /** @returns undefined for one that was never issued */
  async find(queryable: Queryable, refreshToken: string): Promise<RefreshToken | undefined> {
    if (!hasFormat(REFRESH_TOKEN, refreshToken)) return undefined;
    const { rows } = await queryable.query<RefreshToken>(
      `SELECT ${COLUMNS}, ${SIBLING_ROTATED_AT} FROM refresh_tokens r WHERE r.token_hash = $1`,
      [sha256(refreshToken)],
    );
    return rows[0];
  }

  /** @returns the refresh token, this one time; undefined where the person must show his password anew first */
  async issue(
    transaction: Queryable,
    token: {
      grant: AuthorizationGrantEntity;
      client: { refreshTokenTtl: number };
      scopes: string[];
      parent?: string;
      dpopJkt?: string | null;
      issuedAt: Date;
    },
  ): Promise<string | undefined> {
    const { grant, client, scopes, parent, dpopJkt, issuedAt } = token;
    const expiresAt = Math.min(
      issuedAt.getTime() + client.refreshTokenTtl * 1000,
      grant.authenticatedAt.getTime() + MAX_GRANT_AGE_MS,
    );
    if (expiresAt <= issuedAt.getTime()) return undefined;
    const refreshToken = generateSecret(REFRESH_TOKEN);
    await transaction.query(
      `INSERT INTO refresh_tokens (id, token_hash, grant_id, parent, scopes, issued_at, expires_at, dpop_jkt)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        timeOrderedId(),
        sha256(refreshToken),
        grant.id,
        parent ?? null,
        scopes,
        issuedAt,
        new Date(expiresAt),
        dpopJkt ?? null,
      ],
    );
    return refreshToken;
  }

  /** Takes a refresh token's place from it, once. @returns false where it was rotated before, or has expired */
  async rotate(transaction: Queryable, id: string, at: Date): Promise<boolean> {
    const { rowCount } = await transaction.query(
      'UPDATE refresh_tokens SET rotated_at = $2 WHERE id = $1 AND rotated_at IS NULL AND expires_at > $2',
      [id, at],
    );
    return rowCount === 1;
  }

  /** Whether one that took the place of this one was rotated itself: then its holder has it. */
  async childWasRotated(transaction: Queryable, id: string): Promise<boolean> {
    const { rowCount } = await transaction.query(
      'SELECT FROM refresh_tokens WHERE parent = $1 AND rotated_at IS NOT NULL LIMIT 1',
      [id],
    );
    return rowCount > 0;
  }
}
