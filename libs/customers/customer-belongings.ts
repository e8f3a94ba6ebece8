import type { Queryable } from '#database';

/**
 * What belongs to a customer, by the tables that refer to one: so that a table which is added later
 * counts as well. What is history only (tokens, audit events) refers to none.
 * @returns in words, e.g. `device groups`
 */
export async function belongingsOf(queryable: Queryable, customerId: string): Promise<string[]> {
  const { rows: references } = await queryable.query<{ table: string; column: string }>(
    `SELECT quote_ident(c.relname) AS "table", quote_ident(a.attname) AS "column"
     FROM pg_constraint r JOIN pg_class c ON c.oid = r.conrelid
       JOIN pg_attribute a ON a.attrelid = r.conrelid AND a.attnum = r.conkey[1]
     WHERE r.contype = 'f' AND r.confrelid = 'customers'::regclass ORDER BY 1`,
  );
  const checks = references.map(
    ({ table, column }) =>
      `SELECT '${table}' AS "table" WHERE EXISTS (SELECT 1 FROM ${table} WHERE ${column} = $1)`,
  );
  const { rows } = await queryable.query<{ table: string }>(checks.join(' UNION ALL '), [customerId]);
  return rows.map(({ table }) => table.replaceAll('_', ' '));
}
