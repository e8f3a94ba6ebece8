import pg from 'pg';

/** The first customer, whose sessions all are, and another one who has a tenth of the tokens. */
const CUSTOMER = '10001';
const OTHER_CUSTOMER = '20002';

/** Of what is rare there are so many rows in a table of any size, all over it. */
const RARE_ROWS = 20;
const RARE = `n % ($rows / ${RARE_ROWS}) = 7`;

/** So many people, machines and accounts that each has the same number of sessions at any size. */
const REFERRED = `
  INSERT INTO users SELECT '${CUSTOMER}', 'user-' || n, 'user' || n, NULL, NULL, NULL, 'user', 'local', true, '{}', true,
    NULL, NULL, now() FROM generate_series(0, $rows / 10) AS n;
  INSERT INTO devices SELECT '${CUSTOMER}', 'device-' || n, 'device ' || n, '192.0.2.1', 'linux', '{ssh}', '{22}', NULL,
    '{}', 'managed', NULL, now() FROM generate_series(0, $rows / 20) AS n;
  INSERT INTO accounts SELECT '${CUSTOMER}', 'account-' || n, NULL, 'corp', 'root', 'local', true, 'managed', NULL, NULL,
    now() FROM generate_series(0, $rows / 5) AS n;`;

/**
 * Three years of sessions. A tenth are those of one user, one device and one account, and half came
 * in one import; the last ones go on; a few are rare, by their address and by how much was done.
 */
const SESSIONS = `
  INSERT INTO sessions (customer_id, id, user_id, source_address, device_id, account_id, protocol, channel,
    started_at, ended_at, state, recorded, commands, updated_at)
  SELECT '${CUSTOMER}', 'session-' || lpad(n::text, 8, '0'),
    'user-' || CASE WHEN n % 10 = 0 THEN 0 ELSE n % ($rows / 10) END,
    CASE WHEN ${RARE} THEN 'jump-host.example.com'
         ELSE '192.0.' || floor(random() * 4) || '.' || floor(random() * 256) END,
    'device-' || CASE WHEN n % 10 = 1 THEN 0 ELSE n % ($rows / 20) END,
    CASE WHEN n % 20 <> 3 THEN 'account-' || CASE WHEN n % 10 = 2 THEN 0 ELSE n % ($rows / 5) END END,
    (ARRAY['ssh', 'ssh', 'ssh', 'rdp', 'https', 'sql'])[1 + floor(random() * 6)],
    (ARRAY['web', 'client', 'proxy', 'api'])[1 + floor(random() * 4)],
    started_at, CASE WHEN goes_on THEN NULL ELSE started_at + random() * interval '8 hours' END,
    CASE WHEN goes_on THEN 'ACTIVE' ELSE 'ENDED' END, random() < 0.9,
    CASE WHEN ${RARE} THEN 100000 ELSE floor(500 * random() ^ 3) END,
    greatest(started_at + interval '1 day', '2024-07-01')
  FROM generate_series(0, $rows - 1) AS n,
    LATERAL (SELECT n >= $rows - 1000 AND n % 5 = 3) AS state(goes_on),
    LATERAL (SELECT timestamptz '2023-01-01' + n * (interval '1095 days' / $rows) + random() * interval '1 day') AS at(started_at)`;

/**
 * Ninety days of tokens of two hundred clients, one of which has a tenth of them; a tenth are
 * another customer's. Those of the last day are active. One in fifty was revoked, four in five were
 * used; a few are rare, by their client, scope and grant.
 */
const TOKENS = `
  INSERT INTO access_tokens (id, token_hash, hint, client, client_id, customer_id, format, scopes, grant_type, subject,
    issued_by, issued_at, expires_at, last_used_at, last_used_ip, revoked_at)
  SELECT (lpad(to_hex((extract(epoch FROM issued_at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
      || '8' || substr(md5(n::text), 4, 15))::uuid,
    sha256(convert_to(n::text, 'UTF8')), 'pst_abcd…wxyz', md5(client)::uuid, client,
    CASE WHEN n % 10 = 9 THEN '${OTHER_CUSTOMER}' ELSE '${CUSTOMER}' END, 'opaque',
    CASE WHEN ${RARE} THEN '{devices:read,rare:read}'::text[]
         ELSE '{users:read,user-groups:read,devices:read,device-groups:read,accounts:read,profiles:read,tasks:read,sessions:read,approvals:read}' END,
    CASE WHEN ${RARE} THEN 'operator'
         ELSE (ARRAY['client_credentials', 'client_credentials', 'authorization_code', 'refresh_token'])[1 + floor(random() * 4)] END,
    client, client, issued_at, issued_at + CASE WHEN ${RARE} THEN interval '1 year' ELSE interval '1 day' END,
    CASE WHEN random() < 0.8 THEN issued_at + random() * interval '1 day' END, '192.0.2.1',
    CASE WHEN random() < 0.02 THEN issued_at + random() * interval '1 day' END
  FROM generate_series(0, $rows - 1) AS n,
    LATERAL (SELECT date_trunc('milliseconds', now() - interval '90 days' + n * (interval '90 days' / $rows))) AS at(issued_at),
    LATERAL (SELECT 'client-' || CASE WHEN ${RARE} THEN 'rare' WHEN n % 10 = 0 THEN '0' ELSE (n % 199)::text END) AS of_(client)`;

/** Fills a migrated database with so many sessions, and the people, machines and accounts that they name. */
export function fillSessions(databaseUrl: string, rows: number): Promise<void> {
  return fill(databaseUrl, rows, async (run) => {
    await run(REFERRED);
    await run(SESSIONS, 'sessions');
  });
}

/** The same of access tokens. Their clients are no rows: a token outlives its client. */
export function fillTokens(databaseUrl: string, rows: number): Promise<void> {
  return fill(databaseUrl, rows, (run) => run(TOKENS, 'access_tokens'));
}

/** Runs SQL. @param table whose indexes are made anew afterwards, which takes less than keeping them */
type Run = (sql: string, table?: string) => Promise<void>;

/** By SQL alone, the same rows every time. Foreign keys are not checked meanwhile: all that they name is there. */
async function fill(databaseUrl: string, rows: number, make: (run: Run) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `SET session_replication_role = replica; SET maintenance_work_mem = '256MB'; SELECT setseed(0.5)`,
    );
    await make(async (sql, table) => {
      const indexes = table ? await indexesOf(client, table) : [];
      for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
      await client.query(sql.replaceAll('$rows', String(rows)));
      for (const { definition } of indexes) await client.query(definition);
    });
    await client.query('VACUUM ANALYZE');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}

/** Those that no constraint needs. */
async function indexesOf(client: pg.Client, table: string): Promise<{ name: string; definition: string }[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
     WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`,
    [table],
  );
  return rows;
}
