import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Columns that lists are sorted by, and that had no index: (customer_id, column, id) is in order
 * for either direction, finds equals and ranges, and serves foreign keys. Not for texts of 1,024
 * characters, as an entry of a B-tree has room for 2,704 bytes; the tables that have them are small.
 */
const SORTED: Record<string, string[]> = {
  users: [
    'username',
    'first_name',
    'last_name',
    'email',
    'role',
    'authentication_method',
    'mfa_enabled',
    'active',
    'last_login_at',
    'expires_at',
  ],
  devices: ['name', 'address', 'platform', 'zone', 'state', 'last_seen_at'],
  accounts: [
    'device_id',
    'directory',
    'username',
    'kind',
    'privileged',
    'state',
    'secret_rotated_at',
    'rotation_policy',
  ],
  user_groups: ['name'],
  device_groups: ['name'],
  tasks: ['name', 'tool', 'schedule', 'enabled', 'last_run_at', 'last_result'],
  profiles: ['name', 'enabled', 'valid_from', 'valid_until'],
  sessions: [
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
  ],
  approvals: [
    'requester_id',
    'approver_id',
    'device_id',
    'account_id',
    'state',
    'requested_at',
    'decided_at',
    'expires_at',
  ],
};

/** Texts that are searched for substrings, by trigrams. One GIN index of a table holds all of them. */
const SEARCHED: Record<string, string[]> = {
  users: ['username', 'first_name', 'last_name', 'email'],
  devices: ['name', 'address', 'platform', 'zone'],
  accounts: ['directory', 'username', 'rotation_policy'],
  user_groups: ['name', 'description'],
  device_groups: ['name', 'description'],
  tasks: ['name', 'tool', 'schedule'],
  profiles: ['name', 'description'],
  sessions: ['source_address'],
  approvals: ['request'],
};

/** Lists that are asked for one of their members; in the same index. */
const MEMBERS: Record<string, string[]> = {
  users: ['group_ids'],
  devices: ['protocols', 'ports', 'group_ids'],
  tasks: ['device_ids'],
  profiles: [
    'user_ids',
    'user_group_ids',
    'device_ids',
    'device_group_ids',
    'account_ids',
    'task_ids',
    'tools',
  ],
};

/** For the lists of clients, tokens and audit events: their sorts and filters, short of the rare. */
const OTHERS: Record<string, string> = {
  clients_name: 'clients (name, client_id)',
  clients_created_at: 'clients (created_at, client_id)',
  clients_updated_at: 'clients (updated_at, client_id)',
  clients_search: `clients USING gin (client_id gin_trgm_ops, name gin_trgm_ops, notes gin_trgm_ops, authorization_passthru_user gin_trgm_ops)`,
  access_tokens_issued_at: 'access_tokens (issued_at, id)',
  access_tokens_customer_issued_at: 'access_tokens (customer_id, issued_at, id)',
  access_tokens_client_id: 'access_tokens (client_id, id)',
  access_tokens_grant_type: 'access_tokens (grant_type)',
  access_tokens_scopes: 'access_tokens USING gin (scopes)',
  // Partial, so that issuing a token does not write to them.
  access_tokens_last_used_at: 'access_tokens (last_used_at, id) WHERE last_used_at IS NOT NULL',
  access_tokens_revoked_at: 'access_tokens (revoked_at, id) WHERE revoked_at IS NOT NULL',
  audit_events_actor: 'audit_events (actor_id, at, id)',
  audit_events_ip: 'audit_events (ip, at, id)',
  audit_events_failure: `audit_events (at, id) WHERE outcome = 'failure'`,
};

/** One index for each documented sort and filter of PAM data, and what the other lists lacked. */
export class IndexInventory1795200000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // A trusted extension: the owner of the database may create it, he need not be a superuser.
    await queryRunner.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
    await queryRunner.query(`DROP INDEX accounts_device_id`);
    await queryRunner.query(`DROP INDEX access_tokens_customer`);
    for (const [name, on] of indexes()) await queryRunner.query(`CREATE INDEX ${name} ON ${on}`);
  }

  /** The extension stays: it may have been there before. */
  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [name] of indexes().toReversed()) await queryRunner.query(`DROP INDEX ${name}`);
    await queryRunner.query(`CREATE INDEX access_tokens_customer ON access_tokens (customer_id, id)`);
    await queryRunner.query(`CREATE INDEX accounts_device_id ON accounts (customer_id, device_id)`);
  }
}

/** Names, and what each is on. */
function indexes(): [string, string][] {
  const sorted = Object.entries(SORTED).flatMap(([table, columns]) =>
    columns.map((column): [string, string] => [
      `${table}_by_${column}`,
      `${table} (customer_id, ${column}, id)`,
    ]),
  );
  const searched = Object.entries(SEARCHED).map(([table, columns]): [string, string] => {
    const keys = [...columns.map((column) => `${column} gin_trgm_ops`), ...(MEMBERS[table] ?? [])];
    return [`${table}_search`, `${table} USING gin (${keys.join(', ')})`];
  });
  return [...sorted, ...searched, ...Object.entries(OTHERS)];
}
