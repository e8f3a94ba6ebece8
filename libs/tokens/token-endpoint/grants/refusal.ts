import { Database, type Queryable } from '#database';
import { OAuthError } from '#oauth-protocol';
import type { GivenTokens } from './grant.js';

/** What came of a code or a refresh token: tokens, or a refusal whose traces must stay. */
export type Outcome = GivenTokens | OAuthError;

/**
 * Runs a grant in one transaction. A refusal is returned and thrown after the commit: thrown within,
 * it would undo the spending of a code, and the revoking after a replay.
 */
export async function settle(
  database: Database,
  work: (transaction: Queryable) => Promise<Outcome>,
): Promise<GivenTokens> {
  const outcome = await database.transaction(work);
  if (outcome instanceof OAuthError) throw outcome;
  return outcome;
}
