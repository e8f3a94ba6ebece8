/** Puts access tokens of a client on record that expired at that time, as many as one likes. */
export async function addExpiredTokens(
  database: { query(sql: string, parameters: unknown[]): Promise<unknown> },
  clientId: string,
  count: number,
  expiredAt: Date,
): Promise<void> {
  await database.query(
    `INSERT INTO access_tokens (id, token_hash, hint, client, client_id, customer_id, format, scopes, grant_type,
       subject, issued_by, issued_at, expires_at)
     SELECT gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), 'pst_0000…0000', c.id, c.client_id,
       c.customer_id, 'opaque', c.scopes, 'client_credentials', c.client_id, c.client_id,
       $3::timestamptz - interval '1 hour', $3::timestamptz - n * interval '1 ms'
     FROM clients c CROSS JOIN generate_series(1, $2::integer) AS n WHERE c.client_id = $1`,
    [clientId, count, expiredAt],
  );
}
