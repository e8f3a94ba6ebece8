import { Injectable, Module } from '@nestjs/common';
import { type Queryable, selectColumns, timeOrderedId } from '#database';
import { OAuthError, type Role } from '#oauth-protocol';
import { AuthorizationGrantEntity } from './authorization-grant.entity.js';

/** What a person gives a client. */
export type NewGrant = Omit<AuthorizationGrantEntity, 'id' | 'revokedAt'>;

/** The person who gave a grant, as he is now. */
export interface GrantingPerson {
  id: string;
  username: string;
  customerId: string;
  role: Role;
  active: boolean;
}

/** A grant whose row is held until the transaction ends, so that its family is changed by nobody else. */
export interface LockedGrant {
  grant: AuthorizationGrantEntity;
  person: GrantingPerson;
}

/** Whose grants: a client's (its row's id), a person's, or those that one person gave one client. */
export interface GrantsOf {
  client?: string;
  operator?: string;
}

/** How many were ended; those that had ended before do not count. */
export interface Ended {
  grants: number;
  accessTokens: number;
}

const COLUMNS = selectColumns(AuthorizationGrantEntity, 'g');

/**
 * Authorization grants: a code, its refresh tokens and its access tokens are one family, and live
 * and end with the grant that they stem from. Locks are taken in the order client, person, grant,
 * tokens, and among many of a kind in the order of their ids.
 */
@Injectable()
export class AuthorizationGrants {
  /**
   * Opens a grant of a person who is active, and keeps him so until the transaction ends.
   * @returns the grant's id
   * @throws OAuthError `access_denied` where he is not active any more, or gone
   */
  async open(transaction: Queryable, grant: NewGrant): Promise<string> {
    const id = timeOrderedId();
    const { rowCount } = await transaction.query(
      `INSERT INTO authorization_grants
         (id, client, operator, customer_id, scopes, authenticated_at, created_at, resources, second_factor_at)
       SELECT $1::uuid, $2::uuid, o.id, $4, $5::text[], $6::timestamptz, $7::timestamptz, $8::text[], $9::timestamptz
       FROM operators o WHERE o.id = $3 AND o.active FOR SHARE`,
      [
        id,
        grant.client,
        grant.operator,
        grant.customerId,
        grant.scopes,
        grant.authenticatedAt,
        grant.createdAt,
        grant.resources,
        grant.secondFactorAt,
      ],
    );
    if (rowCount === 0) throw new OAuthError('access_denied', 'Who signed in is not active any more.');
    return id;
  }

  /**
   * Holds a grant with its client and its person. One statement each: a FOR UPDATE over a join takes
   * its locks in no order.
   * @returns undefined where one of the three is gone
   */
  async lock(transaction: Queryable, grantId: string): Promise<LockedGrant | undefined> {
    const { rows: known } = await transaction.query<{ client: string; operator: string }>(
      'SELECT client, operator FROM authorization_grants WHERE id = $1',
      [grantId],
    );
    if (!known[0]) return undefined;
    const { client, operator } = known[0];
    await transaction.query('SELECT FROM clients WHERE id = $1 FOR NO KEY UPDATE', [client]);
    const { rows: people } = await transaction.query<GrantingPerson>(
      'SELECT id, username, customer_id AS "customerId", role, active FROM operators WHERE id = $1 FOR SHARE',
      [operator],
    );
    const { rows: grants } = await transaction.query<AuthorizationGrantEntity>(
      `SELECT ${COLUMNS} FROM authorization_grants g WHERE g.id = $1 FOR UPDATE`,
      [grantId],
    );
    const [person, grant] = [people[0], grants[0]];
    return person && grant && { grant, person };
  }

  /**
   * Notes that a person showed his second factor, for the family of an access token (its id).
   * @returns when he signed in; undefined where the family has ended
   */
  async noteSecondFactor(transaction: Queryable, accessToken: string, at: Date): Promise<Date | undefined> {
    const { rows } = await transaction.query<{ signedInAt: Date }>(
      `UPDATE authorization_grants SET second_factor_at = $2
       WHERE id = (SELECT grant_id FROM access_tokens WHERE id = $1) AND revoked_at IS NULL
       RETURNING authenticated_at AS "signedInAt"`,
      [accessToken, at],
    );
    return rows[0]?.signedInAt;
  }

  /** When the person of an access token (its id) showed his second factor last, for its family. */
  async secondFactorAt(queryable: Queryable, accessToken: string): Promise<Date | null> {
    const { rows } = await queryable.query<{ at: Date | null }>(
      `SELECT g.second_factor_at AS at FROM access_tokens t JOIN authorization_grants g ON g.id = t.grant_id
       WHERE t.id = $1`,
      [accessToken],
    );
    return rows[0]?.at ?? null;
  }

  /** What a person's clients can do now in his name: those with live tokens, over all their grants. */
  async liveOf(
    queryable: Queryable,
    operator: string,
    at: Date,
  ): Promise<{ client: string; scopes: string[]; since: Date }[]> {
    const { rows } = await queryable.query<{ client: string; scopes: string[]; since: Date }>(
      `SELECT g.client, min(g.created_at) AS since, array_agg(DISTINCT scope ORDER BY scope) AS scopes
       FROM authorization_grants g CROSS JOIN LATERAL unnest(g.scopes) AS scope
       WHERE g.operator = $1 AND g.revoked_at IS NULL AND (
         EXISTS (SELECT FROM refresh_tokens r
                 WHERE r.grant_id = g.id AND r.rotated_at IS NULL AND r.expires_at > $2)
         OR EXISTS (SELECT FROM access_tokens t
                    WHERE t.grant_id = g.id AND t.revoked_at IS NULL AND t.expires_at > $2))
       GROUP BY g.client`,
      [operator, at],
    );
    return rows;
  }

  /**
   * Ends one family: the grant, and so its code and refresh tokens, and its access tokens.
   * @returns how many access tokens this ended
   */
  async end(transaction: Queryable, grantId: string, at: Date): Promise<number> {
    await transaction.query(
      'UPDATE authorization_grants SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL',
      [grantId, at],
    );
    return revokeAccessTokens(transaction, 'grant_id = $2', [at, grantId]);
  }

  /**
   * Ends every family of a client, of a person, or between the two, and with a client's the tokens
   * that no person gave it. The grants come first: that waits for what is being issued under one of
   * them, which the statement after it then sees.
   */
  async endAllOf(transaction: Queryable, of: GrantsOf, at: Date): Promise<Ended> {
    const { client, operator } = of;
    if (client === undefined && operator === undefined) throw new Error('Whose grants is not said.');
    if (client !== undefined)
      await transaction.query('SELECT FROM clients WHERE id = $1 FOR NO KEY UPDATE', [client]);
    const condition =
      '($2::uuid IS NULL OR client = $2) AND ($3::uuid IS NULL OR operator = $3) AND revoked_at IS NULL';
    const values = [at, client ?? null, operator ?? null];
    const { rowCount: grants } = await transaction.query(
      `WITH held AS (SELECT id FROM authorization_grants WHERE ${condition} ORDER BY id FOR UPDATE)
       UPDATE authorization_grants SET revoked_at = $1 WHERE id IN (SELECT id FROM held)`,
      values,
    );
    return { grants, accessTokens: await revokeAccessTokens(transaction, condition, values) };
  }

  /**
   * Ends the families that a person's signing in gave Postern's own clients. His row is held by the
   * transaction, so that no other is opened meanwhile.
   * @param signIn of the sign-in at this time alone
   * @param but an access token (its id): what came of the same sign-in stays
   */
  async endBuiltIn(
    transaction: Queryable,
    operator: string,
    at: Date,
    { signIn, but }: { signIn?: Date; but?: string },
  ): Promise<number> {
    const { rows } = await transaction.query<{ id: string }>(
      `WITH held AS (
         SELECT id FROM authorization_grants
         WHERE operator = $2 AND revoked_at IS NULL AND client IN (SELECT id FROM clients WHERE built_in)
           AND ($3::timestamptz IS NULL OR authenticated_at = $3)
           AND authenticated_at IS DISTINCT FROM (
             SELECT g.authenticated_at FROM access_tokens t JOIN authorization_grants g ON g.id = t.grant_id
             WHERE t.id = $4::uuid)
         ORDER BY id FOR UPDATE)
       UPDATE authorization_grants SET revoked_at = $1 WHERE id IN (SELECT id FROM held) RETURNING id`,
      [at, operator, signIn ?? null, but ?? null],
    );
    const ids = rows.map(({ id }) => id);
    return revokeAccessTokens(transaction, 'grant_id = ANY($2::uuid[])', [at, ids]);
  }
}

async function revokeAccessTokens(
  transaction: Queryable,
  condition: string,
  values: unknown[],
): Promise<number> {
  const { rowCount } = await transaction.query(
    `WITH held AS (
       SELECT id FROM access_tokens WHERE ${condition} AND revoked_at IS NULL ORDER BY id FOR NO KEY UPDATE)
     UPDATE access_tokens SET revoked_at = $1 WHERE id IN (SELECT id FROM held)`,
    values,
  );
  return rowCount;
}

/** Grants stand apart: clients, people and codes need them, and they need nothing of the rest. */
@Module({ providers: [AuthorizationGrants], exports: [AuthorizationGrants] })
export class AuthorizationGrantsModule {}
