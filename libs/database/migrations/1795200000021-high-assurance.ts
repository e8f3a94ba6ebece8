import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTables } from './lock-tables.js';

/** What of a client decides what it and its tokens may do, as of `notify-changes`, and what has come since. */
const OF_CLIENTS = [
  'client_id',
  'customer_id',
  'name',
  'active',
  'scopes',
  'grant_types',
  'token_endpoint_auth_method',
  'redirect_uris',
  'require_pkce',
  'access_token_format',
  'access_token_signing_alg',
  'access_token_ttl',
  'refresh_token_ttl',
  'public_base_uri',
  'allowed_cidrs',
  'jwks',
  'valid_from',
  'valid_until',
  'version',
];
const NEW_OF_CLIENTS = ['profile', 'require_par', 'dpop_bound_access_tokens', 'resources'];
const OF_TOKENS =
  'token_hash, client, client_id, customer_id, scopes, subject, issued_at, expires_at, revoked_at, operator';

const TABLES = [
  'clients',
  'access_tokens',
  'authorization_requests',
  'authorization_grants',
  'authorization_codes',
  'refresh_tokens',
] as const;

/**
 * Keys that clients prove themselves by and that tokens are bound to (RFC 7523, RFC 9449), requests that are
 * pushed (RFC 9126), and resources that tokens are for (RFC 8707). `used_jtis` is what must not be shown twice:
 * one statement of the database decides, so that it holds for every instance and after a restart.
 */
export class HighAssurance1795200000021 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await lockTables(queryRunner, ...TABLES);
    await queryRunner.query(`
      ALTER TABLE clients
        ADD COLUMN profile text CHECK (profile IN ('fapi2')),
        ADD COLUMN require_par boolean NOT NULL DEFAULT false,
        ADD COLUMN dpop_bound_access_tokens boolean NOT NULL DEFAULT false,
        ADD COLUMN resources text[] NOT NULL DEFAULT '{}'`);
    await queryRunner.query(`
      ALTER TABLE access_tokens ADD COLUMN dpop_jkt text, ADD COLUMN audience text[]`);
    await queryRunner.query(`
      ALTER TABLE authorization_requests ADD COLUMN dpop_jkt text, ADD COLUMN resources text[],
        ADD COLUMN pushed boolean NOT NULL DEFAULT false`);
    await queryRunner.query(`ALTER TABLE authorization_grants ADD COLUMN resources text[]`);
    await queryRunner.query(`ALTER TABLE authorization_codes ADD COLUMN dpop_jkt text`);
    await queryRunner.query(`ALTER TABLE refresh_tokens ADD COLUMN dpop_jkt text`);
    await queryRunner.query(`
      CREATE TABLE pushed_authorization_requests (
        id uuid PRIMARY KEY,
        uri_hash bytea NOT NULL,
        client uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        parameters text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT pushed_authorization_requests_uri_hash_unique UNIQUE (uri_hash)
      )`);
    await queryRunner.query(
      `CREATE INDEX pushed_authorization_requests_expires_at ON pushed_authorization_requests (expires_at)`,
    );
    await queryRunner.query(
      `CREATE INDEX pushed_authorization_requests_client ON pushed_authorization_requests (client)`,
    );
    await queryRunner.query(`
      CREATE TABLE used_jtis (
        key bytea PRIMARY KEY,
        expires_at timestamptz(3) NOT NULL
      )`);
    await queryRunner.query(`CREATE INDEX used_jtis_expires_at ON used_jtis (expires_at)`);
    // One row, which the first proof makes.
    await queryRunner.query(`
      CREATE TABLE dpop_nonce_keys (
        id integer PRIMARY KEY CHECK (id = 1),
        key bytea NOT NULL
      )`);
    await tellOfChanges(queryRunner, {
      tokens: `${OF_TOKENS}, dpop_jkt, audience`,
      clients: [...OF_CLIENTS, ...NEW_OF_CLIENTS].join(', '),
    });
  }

  /** What an earlier version would take for less than it is ends: bound tokens would be anybody's who finds them. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await lockTables(queryRunner, ...TABLES);
    await queryRunner.query(`
      UPDATE access_tokens SET revoked_at = now()
      WHERE revoked_at IS NULL AND (dpop_jkt IS NOT NULL OR audience IS NOT NULL)`);
    await queryRunner.query(`
      UPDATE authorization_grants SET revoked_at = now()
      WHERE revoked_at IS NULL AND (resources IS NOT NULL
        OR id IN (SELECT grant_id FROM refresh_tokens WHERE dpop_jkt IS NOT NULL)
        OR id IN (SELECT grant_id FROM authorization_codes WHERE dpop_jkt IS NOT NULL))`);
    await queryRunner.query(`
      UPDATE clients SET active = false WHERE profile IS NOT NULL OR require_par OR dpop_bound_access_tokens
        OR token_endpoint_auth_method = 'private_key_jwt'`);
    await queryRunner.query(
      `DELETE FROM authorization_requests WHERE dpop_jkt IS NOT NULL OR resources IS NOT NULL`,
    );
    await tellOfChanges(queryRunner, { tokens: OF_TOKENS, clients: OF_CLIENTS.join(', ') });
    for (const table of ['pushed_authorization_requests', 'used_jtis', 'dpop_nonce_keys'])
      await queryRunner.query(`DROP TABLE ${table}`);
    await queryRunner.query(`ALTER TABLE refresh_tokens DROP COLUMN dpop_jkt`);
    await queryRunner.query(`ALTER TABLE authorization_codes DROP COLUMN dpop_jkt`);
    await queryRunner.query(`ALTER TABLE authorization_grants DROP COLUMN resources`);
    await queryRunner.query(`
      ALTER TABLE authorization_requests DROP COLUMN dpop_jkt, DROP COLUMN resources, DROP COLUMN pushed`);
    await queryRunner.query(`ALTER TABLE access_tokens DROP COLUMN dpop_jkt, DROP COLUMN audience`);
    const columns = NEW_OF_CLIENTS.map((column) => `DROP COLUMN ${column}`).join(', ');
    await queryRunner.query(`ALTER TABLE clients ${columns}`);
  }
}

/** Whatever these columns become, every instance hears of it (`notify-changes`). */
async function tellOfChanges(
  queryRunner: QueryRunner,
  { tokens, clients }: { tokens: string; clients: string },
): Promise<void> {
  const changes = {
    access_tokens_changed: `AFTER UPDATE OF ${tokens} ON access_tokens
      FOR EACH ROW EXECUTE FUNCTION notify_change('access-token', 'token_hash')`,
    clients_changed: `AFTER UPDATE OF ${clients} OR DELETE ON clients
      FOR EACH ROW EXECUTE FUNCTION notify_change('client', 'id')`,
    clients_credentials_changed: `AFTER UPDATE OF ${clients} OR DELETE ON clients
      FOR EACH ROW EXECUTE FUNCTION notify_change('client-credentials', 'client_id')`,
  };
  for (const [name, change] of Object.entries(changes))
    await queryRunner.query(`CREATE OR REPLACE TRIGGER ${name} ${change}`);
}
