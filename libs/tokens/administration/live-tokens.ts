import type { Queryable } from '#database';

/** Up to here tokens are counted; more are "this many or more". */
const MOST = 1000;

/**
 * How many tokens of each client are active.
 * @param clients the client rows' ids
 * @returns the counts in the clients' order, each 1000 at most, so that a client with a million of them costs no more
 */
export async function countLiveTokens(
  database: Queryable,
  clients: readonly string[],
  at: Date,
): Promise<number[]> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT (
       SELECT count(*)::int FROM (
         SELECT FROM access_tokens t
         WHERE t.client = c.id AND t.revoked_at IS NULL AND t.expires_at > $2 LIMIT ${MOST}
       ) live
     ) AS count
     FROM unnest($1::uuid[]) WITH ORDINALITY AS c(id, place) ORDER BY c.place`,
    [clients, at],
  );
  return rows.map(({ count }) => count);
}
