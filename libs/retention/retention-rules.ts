/** How long the rows of a table stay once they are over, and which ones that are. */
export interface RetentionRule {
  table: string;
  /** The time from which a row is over. An index begins with it. */
  endedAt: string;
  /** How long it stays then, in milliseconds. */
  keptFor: number;
  /** What else must be true of a row `r`, of which `$1` is the time before which it must have ended. */
  and?: string;
  /** Rows in one transaction. */
  batch: number;
}

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A year can be laid beside the one before. */
const USAGE_DAYS = 400;
const BATCH = 200;
/** They are small, and as many as there were calls with a proof. */
const JTI_BATCH = 2_000;
/** A grant takes along its code and its refresh tokens, of which it may have hundreds. */
const GRANT_BATCH = 20;

/**
 * What is pruned, in this order. A token goes by its expiry, whether it was revoked or not: until
 * then one that was revoked must be known as such. A grant goes when nothing that bears its id is
 * left or was good within the retention time, and takes its code and refresh tokens along: as long
 * as any of them is good, a replay of the oldest is seen. Its code expired a minute after it was
 * given.
 * @param retentionDays of what a refused call could still name
 */
export function retentionRules(retentionDays: number): RetentionRule[] {
  return [
    { table: 'access_tokens', endedAt: 'expires_at', keptFor: retentionDays * DAY_MS, batch: BATCH },
    {
      table: 'authorization_grants',
      endedAt: 'created_at',
      keptFor: retentionDays * DAY_MS,
      // No EXISTS, which the planner might answer by reading a whole table.
      and: `(SELECT 1 FROM refresh_tokens WHERE grant_id = r.id AND expires_at > $1 LIMIT 1) IS NULL
        AND (SELECT 1 FROM access_tokens WHERE grant_id = r.id LIMIT 1) IS NULL`,
      batch: GRANT_BATCH,
    },
    { table: 'client_usage', endedAt: 'hour', keptFor: USAGE_DAYS * DAY_MS, batch: BATCH },
    { table: 'authorization_requests', endedAt: 'expires_at', keptFor: 0, batch: BATCH },
    { table: 'pushed_authorization_requests', endedAt: 'expires_at', keptFor: 0, batch: BATCH },
    { table: 'used_jtis', endedAt: 'expires_at', keptFor: 0, batch: JTI_BATCH },
    { table: 'second_factor_challenges', endedAt: 'expires_at', keptFor: 0, batch: BATCH },
    { table: 'operator_sessions', endedAt: 'expires_at', keptFor: 0, batch: BATCH },
    { table: 'failed_authentications', endedAt: 'since', keptFor: MINUTE_MS, batch: BATCH },
    { table: 'request_counts', endedAt: 'minute', keptFor: 2 * MINUTE_MS, batch: BATCH },
  ];
}
