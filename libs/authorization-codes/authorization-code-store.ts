import { Injectable } from '@nestjs/common';
import { timeOrderedId, type Queryable } from '#database';
import { sha256, verifiesChallenge } from '#oauth-protocol';

/** RFC 6749 §4.1.2 allows ten minutes at most; an application's server needs a moment. In milliseconds. */
const LIFETIME_MS = 60 * 1000;

/** What a code is bound to, beside its grant. */
export interface CodeBinding {
  redirectUri: string;
  redirectUriSent: boolean;
  codeChallenge: string | null;
  /** The thumbprint of the key that is to redeem it (RFC 9449 §10); null for any. */
  dpopJkt: string | null;
}

/** What comes with a code when it is redeemed. */
interface Presented {
  code: string;
  redirectUri: string | undefined;
  codeVerifier: string | undefined;
  dpopJkt: string | undefined;
}

type Spent = 'redeemed' | 'replayed' | 'refused';

/** Authorization codes, stored as their SHA-256. A spent one stays, so that a replay is seen (RFC 6749 §10.5). */
@Injectable()
export class AuthorizationCodeStore {
  async store(
    transaction: Queryable,
    code: string,
    grantId: string,
    { redirectUri, redirectUriSent, codeChallenge, dpopJkt }: CodeBinding,
    createdAt: Date,
  ): Promise<void> {
    const expiresAt = new Date(createdAt.getTime() + LIFETIME_MS);
    await transaction.query(
      `INSERT INTO authorization_codes
         (id, code_hash, grant_id, redirect_uri, redirect_uri_sent, code_challenge, created_at, expires_at, dpop_jkt)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        timeOrderedId(),
        sha256(code),
        grantId,
        redirectUri,
        redirectUriSent,
        codeChallenge,
        createdAt,
        expiresAt,
        dpopJkt,
      ],
    );
  }

  /** @returns undefined for a code that was never issued */
  async grantOf(transaction: Queryable, code: string): Promise<string | undefined> {
    const { rows } = await transaction.query<{ grantId: string }>(
      'SELECT grant_id AS "grantId" FROM authorization_codes WHERE code_hash = $1',
      [sha256(code)],
    );
    return rows[0]?.grantId;
  }

  /**
   * 1. The code is spent, once, by one statement; whatever is wrong below, it stays spent.
   * 2. It has not expired.
   * 3. The redirect URI is the one that the request named, or absent where it named none (RFC 6749 §4.1.3).
   * 4. The verifier answers the challenge, and there is none where there was no challenge (RFC 9700 §2.1.1).
   * 5. The key is the one that the request named, where it named one (RFC 9449 §10).
   */
  async spend(transaction: Queryable, presented: Presented, at: Date): Promise<Spent> {
    const { rows } = await transaction.query<CodeBinding & { expiresAt: Date }>(
      `UPDATE authorization_codes SET redeemed_at = $2 WHERE code_hash = $1 AND redeemed_at IS NULL
       RETURNING redirect_uri AS "redirectUri", redirect_uri_sent AS "redirectUriSent",
         code_challenge AS "codeChallenge", dpop_jkt AS "dpopJkt", expires_at AS "expiresAt"`,
      [sha256(presented.code), at],
    );
    if (!rows[0]) return 'replayed';
    return isGood(rows[0], presented, at) ? 'redeemed' : 'refused';
  }
}

function isGood(code: CodeBinding & { expiresAt: Date }, presented: Presented, at: Date): boolean {
  const redirectUri = code.redirectUriSent ? code.redirectUri : undefined;
  return (
    at < code.expiresAt &&
    presented.redirectUri === redirectUri &&
    answersChallenge(presented.codeVerifier, code.codeChallenge) &&
    (code.dpopJkt === null || code.dpopJkt === presented.dpopJkt)
  );
}

function answersChallenge(codeVerifier: string | undefined, codeChallenge: string | null): boolean {
  if (codeChallenge === null) return codeVerifier === undefined;
  return codeVerifier !== undefined && verifiesChallenge(codeVerifier, codeChallenge);
}
