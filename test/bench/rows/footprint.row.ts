import autocannon from 'autocannon';
import pg from 'pg';
import { ACCESS_TOKEN, generateSecret, sha256 } from '#oauth-protocol';
import type { BenchRow, Result } from '../row.js';
import type { BenchClient, World } from '../world.js';

const TOKENS = 100_000;
const MAX_MB = 300;
const MAX_START_MS = 3000;
const STARTS = 3;

/** What the server takes: memory with as many live tokens as it remembers, and time from start to ready. */
export const footprint: BenchRow = {
  name: 'footprint',
  engines: ['postgres'],
  async run(world): Promise<Result[]> {
    const client = await world.client({ name: 'many tokens' });
    const tokens = Array.from({ length: TOKENS }, () => generateSecret(ACCESS_TOKEN));
    await putOnRecord(world, client, tokens);
    await useEach(world, tokens);
    const megabytes = await world.residentMegabytes();
    const starts: number[] = [];
    for (let start = 0; start < STARTS; start += 1) starts.push(await world.restart());
    const milliseconds = starts.reduce((sum, ms) => sum + ms, 0) / STARTS;
    return [
      {
        work: `memory with ${TOKENS.toLocaleString('en')} live tokens cached`,
        figure: `${Math.round(megabytes)} MB`,
        yardstick: `${MAX_MB} MB`,
        ratio: megabytes / MAX_MB,
        goal: { atMost: 1 },
      },
      {
        work: 'start to ready, on a migrated PostgreSQL',
        figure: `${(milliseconds / 1000).toFixed(2)} s`,
        yardstick: `${MAX_START_MS / 1000} s`,
        ratio: milliseconds / MAX_START_MS,
        goal: { atMost: 1 },
      },
    ];
  },
};

/** As the token endpoint would have, one by one. */
async function putOnRecord(
  { databaseUrl }: World,
  { clientId }: BenchClient,
  tokens: string[],
): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  await database.query(
    `INSERT INTO access_tokens (id, token_hash, hint, client, client_id, customer_id, format, scopes, grant_type,
       subject, issued_by, issued_at, expires_at)
     SELECT gen_random_uuid(), hash, 'pst_0000…0000', c.id, c.client_id, c.customer_id, 'opaque', c.scopes,
       'client_credentials', c.client_id, c.client_id, now(), now() + interval '1 day'
     FROM clients c CROSS JOIN unnest($2::bytea[]) AS hash WHERE c.client_id = $1`,
    [clientId, tokens.map((token) => sha256(token))],
  );
  await database.end();
}

/** @throws Error where one of them did not read */
async function useEach({ url }: World, tokens: string[]): Promise<void> {
  let next = 0;
  const result = await autocannon({
    url: `${url}/pam/v1/devices?limit=1`,
    connections: 64,
    amount: tokens.length,
    requests: [
      {
        setupRequest: (request) => {
          const authorization = `Bearer ${tokens[next % tokens.length]}`;
          next += 1;
          return { ...request, headers: { authorization } };
        },
      },
    ],
  });
  if (result['2xx'] !== tokens.length)
    throw new Error(`Of ${tokens.length} reads, ${result['2xx']} were right.`);
}
