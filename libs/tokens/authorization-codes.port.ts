import type { Queryable } from '#database';

/** What came to the token endpoint with a code (RFC 6749 §4.1.3, RFC 7636 §4.5). */
export interface PresentedCode {
  code: string;
  redirectUri: string | undefined;
  codeVerifier: string | undefined;
  /** The key of the proof that came along (RFC 9449 §10). */
  dpopJkt: string | undefined;
}

/** What became of a code: it is good, it was spent before, or it is late or ill presented, and spent all the same. */
export type SpentCode = 'redeemed' | 'replayed' | 'refused';

/** Port: the authorization codes that are redeemed for tokens. */
export abstract class AuthorizationCodes {
  /** The grant that a code belongs to, undefined for a code that was never issued. Locks nothing. */
  abstract grantOf(transaction: Queryable, code: string): Promise<string | undefined>;

  /**
   * Spends a code for good, by one atomic statement, within the transaction that holds its grant's
   * lock and stores what it gives. @returns `replayed` where it had been spent before
   */
  abstract spend(transaction: Queryable, presented: PresentedCode, at: Date): Promise<SpentCode>;
}
