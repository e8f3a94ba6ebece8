import type { Queryable } from './queryable.js';

/**
 * Sets `last_used_at` of many rows, each to the latest time given for it. Rows are locked in the
 * order of their ids, and one table at a time, so that two writers never wait for each other.
 */
export async function touchLastUsed(
  queryable: Queryable,
  table: 'clients' | 'client_secrets',
  uses: { id: string; at: Date }[],
): Promise<void> {
  await queryable.query(
    `WITH uses AS (
       SELECT id, max(at) AS at FROM jsonb_to_recordset($1::jsonb) AS use(id uuid, at timestamptz) GROUP BY id),
     locked AS (
       SELECT row.id FROM ${table} row JOIN uses ON uses.id = row.id ORDER BY row.id FOR NO KEY UPDATE OF row)
     UPDATE ${table} row SET last_used_at = GREATEST(row.last_used_at, uses.at)
     FROM uses JOIN locked ON locked.id = uses.id WHERE row.id = uses.id`,
    [JSON.stringify(uses)],
  );
}
