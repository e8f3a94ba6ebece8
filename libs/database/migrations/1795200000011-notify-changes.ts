import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What of a client decides what it and its tokens may do; not what it last did. */
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

/**
 * Tells every instance what it must not remember any longer, whoever changes it: `kind:key` on one
 * channel, or `kind` alone for any of them, sent when the change commits. Columns that are only noted
 * (last used, the last code) are left out, so that noting them wakes nobody.
 * @see docs/decisions/0016-remembered-and-forgotten.md
 */
export class NotifyChanges1795200000011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION notify_change() RETURNS trigger LANGUAGE plpgsql SET bytea_output = hex AS $$
      BEGIN
        PERFORM pg_notify('postern_changes', TG_ARGV[0] || coalesce(':' || (to_jsonb(OLD) ->> TG_ARGV[1]), ''));
        RETURN NULL;
      END $$`);
    await queryRunner.query(`
      CREATE FUNCTION notify_secret_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('postern_changes', 'client-credentials:' || client_id) FROM clients
        WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.client ELSE OLD.client END;
        RETURN NULL;
      END $$`);
    const clientColumns = OF_CLIENTS.join(', ');
    const changes = [
      // A token that has expired is not remembered: removing a million of them wakes nobody.
      `access_tokens_changed AFTER UPDATE OF token_hash, client, client_id, customer_id, scopes, subject, issued_at,
         expires_at, revoked_at, operator ON access_tokens
       FOR EACH ROW EXECUTE FUNCTION notify_change('access-token', 'token_hash')`,
      `access_tokens_removed AFTER DELETE ON access_tokens
       FOR EACH ROW WHEN (OLD.expires_at > now()) EXECUTE FUNCTION notify_change('access-token', 'token_hash')`,
      `clients_changed AFTER UPDATE OF ${clientColumns} OR DELETE ON clients
       FOR EACH ROW EXECUTE FUNCTION notify_change('client', 'id')`,
      `clients_credentials_changed AFTER UPDATE OF ${clientColumns} OR DELETE ON clients
       FOR EACH ROW EXECUTE FUNCTION notify_change('client-credentials', 'client_id')`,
      `client_secrets_changed AFTER INSERT OR UPDATE OF client, algorithm, hash, expires_at OR DELETE ON client_secrets
       FOR EACH ROW EXECUTE FUNCTION notify_secret_change()`,
      `operators_changed AFTER UPDATE OF customer_id, username, role, active OR DELETE ON operators
       FOR EACH ROW EXECUTE FUNCTION notify_change('operator', 'id')`,
      // Who empties a table names no rows; who empties that of clients empties that of their secrets too.
      `access_tokens_emptied AFTER TRUNCATE ON access_tokens EXECUTE FUNCTION notify_change('access-token')`,
      `clients_emptied AFTER TRUNCATE ON clients EXECUTE FUNCTION notify_change('client')`,
      `client_secrets_emptied AFTER TRUNCATE ON client_secrets EXECUTE FUNCTION notify_change('client-credentials')`,
      `operators_emptied AFTER TRUNCATE ON operators EXECUTE FUNCTION notify_change('operator')`,
    ];
    for (const change of changes) await queryRunner.query(`CREATE TRIGGER ${change}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION notify_secret_change CASCADE`);
    await queryRunner.query(`DROP FUNCTION notify_change CASCADE`);
  }
}
