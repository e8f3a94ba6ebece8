import type pg from 'pg';

/** Values of a filter: as they are, or a column's value at a place in its order, which differs by the database. */
type FilterValue = string | { column: string; descending: boolean; place: number };

export interface PageCases {
  path: string;
  table: string;
  sortable: string[];
  /** What each documented filter is asked for: what many rows have, and what few have. */
  filters: Record<string, FilterValue[]>;
  /** The sorts with which each filter is asked for. */
  sorts: string[];
}

const first = (column: string, place = 50): FilterValue => ({ column, descending: false, place });
const last = (column: string, place = 50): FilterValue => ({ column, descending: true, place });

export const SESSION_PAGES: PageCases = {
  path: '/pam/v1/sessions',
  table: 'sessions',
  sortable: [
    'id',
    'user_id',
    'source_address',
    'device_id',
    'account_id',
    'protocol',
    'channel',
    'started_at',
    'ended_at',
    'state',
    'recorded',
    'commands',
    'updated_at',
  ],
  filters: {
    search: ['192.0.2', 'jump-host', 'nowhere'],
    updated_since: ['2025-01-01', last('updated_at')],
    id: [first('id')],
    user_id: ['user-0', 'user-7'],
    source_address: ['0.2.', 'JUMP', 'nowhere'],
    device_id: ['device-0', 'device-7'],
    account_id: ['account-0', 'account-7'],
    protocol: ['ssh', 'sql'],
    channel: ['web'],
    started_from: ['2024-07-01', last('started_at')],
    started_to: ['2024-07-01', first('started_at')],
    ended_from: ['2024-07-01', last('ended_at')],
    ended_to: ['2024-07-01', first('ended_at')],
    state: ['ENDED', 'ACTIVE'],
    recorded: ['true', 'false'],
    commands: ['0', '100000'],
    commands_from: ['1', '100000'],
    commands_to: ['100', '0'],
    updated_from: ['2025-01-01', last('updated_at')],
    updated_to: ['2025-01-01'],
  },
  sorts: ['id', '-started_at'],
};

export const TOKEN_PAGES: PageCases = {
  path: '/api/v1/tokens',
  table: 'access_tokens',
  sortable: ['issued_at', 'expires_at', 'last_used_at', 'revoked_at', 'client_id'],
  filters: {
    client_id: ['client-0', 'client-rare'],
    status: ['active', 'expired', 'revoked'],
    grant_type: ['client_credentials', 'operator'],
    scope: ['devices:read', 'rare:read'],
    expires_before: ['2100-01-01', first('expires_at')],
    last_used_before: ['2100-01-01', first('last_used_at')],
    used: ['true', 'false'],
  },
  sorts: ['-issued_at', 'expires_at', '-last_used_at', 'client_id'],
};

/** The queries of every case: each sort alone, and each filter with each of its values. */
export async function queriesOf(
  { table, sortable, filters, sorts }: PageCases,
  database: pg.Client,
): Promise<string[]> {
  const queries = sortable.flatMap((column) => [`sort=${column}`, `sort=-${column}`]);
  for (const [name, values] of Object.entries(filters))
    for (const value of values) {
      const filter = `${name}=${encodeURIComponent(await textOf(table, value, database))}`;
      queries.push(...sorts.map((sort) => `${filter}&sort=${sort}`));
    }
  return queries;
}

async function textOf(table: string, value: FilterValue, database: pg.Client): Promise<string> {
  if (typeof value === 'string') return value;
  const { column, descending, place } = value;
  const { rows } = await database.query<{ value: string | Date }>(
    `SELECT ${column} AS value FROM ${table} WHERE ${column} IS NOT NULL
     ORDER BY ${column} ${descending ? 'DESC' : 'ASC'} OFFSET ${place} LIMIT 1`,
  );
  const found = rows[0]!.value;
  return found instanceof Date ? found.toISOString() : found;
}
