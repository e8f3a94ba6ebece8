import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestOrigin } from '#access-control';
import { Database, timeOrderedId, type Transaction } from '#database';
import { Clock, PageCookies } from '#http-api';
import { generateSecret, hasFormat, SESSION, sha256, type Role } from '#oauth-protocol';
import { requiresFactorSql } from '../second-factor/factor-standing.js';

const COOKIE = 'postern_session';
/** From sign-in to the end, whatever happens, and from the last request on, in milliseconds. */
const LIFETIME_MS = 12 * 60 * 60 * 1000;
const IDLE_MS = 60 * 60 * 1000;
/** How exactly the last request is known: a write a minute, not one per page. */
const SEEN_MS = 60 * 1000;

/** Who is signed in in a browser. */
export interface Session {
  person: { id: string; username: string; role: Role; customerId: string };
  /** When he showed his password. */
  authenticatedAt: Date;
  /** When he showed a second factor last; null: never in this session. */
  secondFactorAt: Date | null;
  /** The session's token; whoever signs in anew has another. */
  secret: string;
}

/** A browser in which somebody is signed in, as he sees it. */
export interface OwnSession {
  id: string;
  authenticatedAt: Date;
  lastSeenAt: Date;
  /** When it ends at the latest, and unless the browser is seen before. */
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
  /** Whether it is this browser's. */
  current: boolean;
}

type SessionRow = Session['person'] &
  Pick<Session, 'authenticatedAt' | 'secondFactorAt'> & { session: string; lastSeenAt: Date };

/** Where people are signed in: a cookie holds a token, the database its SHA-256. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly cookies: PageCookies,
    private readonly clock: Clock,
  ) {}

  /**
   * The session of this browser: neither over nor idle for too long, of a person who is there and active,
   * and with a second factor where his role requires one.
   */
  async of(request: FastifyRequest): Promise<Session | undefined> {
    const secret = this.tokenOf(request);
    if (secret === undefined) return undefined;
    const now = this.clock.now();
    const { rows } = await this.database.query<SessionRow>(
      `SELECT s.id AS session, s.authenticated_at AS "authenticatedAt", s.last_seen_at AS "lastSeenAt",
         s.second_factor_at AS "secondFactorAt", o.id, o.username, o.role, o.customer_id AS "customerId"
       FROM operator_sessions s JOIN operators o ON o.id = s.operator
       WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND o.active
         AND (s.second_factor_at IS NOT NULL OR NOT ${requiresFactorSql('o.role')})`,
      [sha256(secret), now, new Date(now.getTime() - IDLE_MS)],
    );
    if (!rows[0]) return undefined;
    const { session, authenticatedAt, secondFactorAt, lastSeenAt, ...person } = rows[0];
    if (now.getTime() - lastSeenAt.getTime() >= SEEN_MS) {
      await this.database.query(
        'UPDATE operator_sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2',
        [session, now],
      );
    }
    return { person, authenticatedAt, secondFactorAt, secret };
  }

  /**
   * A new session in place of the one that the browser may have, so that nobody can have planted it.
   * The person's row is held by the transaction.
   * @param secondFactorAt when he showed one; null: he did not
   * @returns the token, for `give` once the transaction has committed
   */
  async open(
    transaction: Transaction,
    request: FastifyRequest,
    operator: string,
    secondFactorAt: Date | null,
  ): Promise<string> {
    await this.end(transaction, request);
    const token = generateSecret(SESSION);
    const now = this.clock.now();
    const { ip, user_agent } = requestOrigin(request);
    await transaction.query(
      `INSERT INTO operator_sessions
         (id, token_hash, operator, authenticated_at, last_seen_at, expires_at, ip, user_agent, second_factor_at)
       VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)`,
      [
        timeOrderedId(),
        sha256(token),
        operator,
        now,
        new Date(now.getTime() + LIFETIME_MS),
        ip,
        user_agent,
        secondFactorAt,
      ],
    );
    return token;
  }

  /** Hands the browser its token. */
  give(reply: FastifyReply, token: string): void {
    this.cookies.write(reply, COOKIE, token);
  }

  /** Where a person is signed in, the latest first. */
  async listOf(operator: string, request: FastifyRequest): Promise<OwnSession[]> {
    const now = this.clock.now();
    const { rows } = await this.database.query<OwnSession>(
      `SELECT id, authenticated_at AS "authenticatedAt", last_seen_at AS "lastSeenAt",
         least(expires_at, last_seen_at + $4 * interval '1 millisecond') AS "expiresAt",
         ip, user_agent AS "userAgent", token_hash IS NOT DISTINCT FROM $5::bytea AS current
       FROM operator_sessions WHERE operator = $1 AND expires_at > $2 AND last_seen_at > $3
       ORDER BY authenticated_at DESC, id DESC`,
      [operator, now, new Date(now.getTime() - IDLE_MS), IDLE_MS, this.hashOf(request)],
    );
    return rows;
  }

  /**
   * Ends one session of a person, within the transaction that holds his row.
   * @returns when he signed in there; undefined where he has no such session
   */
  async endOne(transaction: Transaction, operator: string, id: string): Promise<Date | undefined> {
    const { rows } = await transaction.query<{ at: Date }>(
      'DELETE FROM operator_sessions WHERE id = $1 AND operator = $2 RETURNING authenticated_at AS at',
      [id, operator],
    );
    return rows[0]?.at;
  }

  /**
   * Ends the session of this browser if it is this person's, within the transaction that holds his row.
   * @returns when he signed in there; undefined where he has no session here
   */
  async endThis(
    transaction: Transaction,
    operator: string,
    request: FastifyRequest,
  ): Promise<Date | undefined> {
    const { rows } = await transaction.query<{ at: Date }>(
      'DELETE FROM operator_sessions WHERE token_hash = $1 AND operator = $2 RETURNING authenticated_at AS at',
      [this.hashOf(request), operator],
    );
    return rows[0]?.at;
  }

  /** Ends a person's sessions but for the one of this browser, within the transaction that holds his row. */
  async endOthers(transaction: Transaction, operator: string, request: FastifyRequest): Promise<void> {
    await transaction.query(
      'DELETE FROM operator_sessions WHERE operator = $1 AND token_hash IS DISTINCT FROM $2::bytea',
      [operator, this.hashOf(request)],
    );
  }

  /** Notes that a person showed his second factor, where he signed in at that time. */
  async noteSecondFactor(
    transaction: Transaction,
    operator: string,
    { signedInAt, at }: { signedInAt: Date; at: Date },
  ): Promise<void> {
    await transaction.query(
      'UPDATE operator_sessions SET second_factor_at = $3 WHERE operator = $1 AND authenticated_at = $2',
      [operator, signedInAt, at],
    );
  }

  /** Ends a person's sessions but for those of one time, within the transaction that holds his row. */
  async endAllBut(transaction: Transaction, operator: string, signedInAt: Date): Promise<void> {
    await transaction.query('DELETE FROM operator_sessions WHERE operator = $1 AND authenticated_at <> $2', [
      operator,
      signedInAt,
    ]);
  }

  /** Ends the session of this browser, good or not. */
  async close(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.end(this.database, request);
    this.cookies.clear(reply, COOKIE);
  }

  private async end(queryable: Pick<Database, 'query'>, request: FastifyRequest): Promise<void> {
    const hash = this.hashOf(request);
    if (hash) await queryable.query('DELETE FROM operator_sessions WHERE token_hash = $1', [hash]);
  }

  private hashOf(request: FastifyRequest): Buffer | null {
    const token = this.tokenOf(request);
    return token === undefined ? null : sha256(token);
  }

  private tokenOf(request: FastifyRequest): string | undefined {
    const token = this.cookies.read(request, COOKIE);
    return token !== undefined && hasFormat(SESSION, token) ? token : undefined;
  }
}

/** Ends all sessions of a person, within the transaction that holds his row. */
export async function endSessionsOf(transaction: Transaction, operator: string): Promise<void> {
  await transaction.query('DELETE FROM operator_sessions WHERE operator = $1', [operator]);
}
