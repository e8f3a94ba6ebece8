import { Injectable } from '@nestjs/common';
import { timeOrderedId, type Queryable } from '#database';
import { Clock } from '#http-api';
import { ADMIN_SCOPES, READ_SCOPES, type GrantType } from '#oauth-protocol';

/** The client through which people use Swagger UI as themselves. */
export const SWAGGER_UI_CLIENT = 'postern-swagger-ui';
export const CONSOLE_CLIENT = 'postern-console';

/**
 * By client id: what it is called, and the path under the issuer that it is sent back to. The path alone
 * is stored, as the issuer may be another at the next start.
 */
const BUILT_IN_CLIENTS: Record<string, { name: string; callback: string }> = {
  [SWAGGER_UI_CLIENT]: { name: 'Swagger UI', callback: '/docs/oauth2-redirect.html' },
  [CONSOLE_CLIENT]: { name: 'Postern console', callback: '/console/callback' },
};

const GRANT_TYPES: GrantType[] = ['authorization_code', 'refresh_token'];
/** Everything: what of it a token gets, the person's role decides. */
const SCOPES = [...Object.keys(READ_SCOPES), ...Object.keys(ADMIN_SCOPES)];
/** Seconds. They live in a browser, so not for long. */
const ACCESS_TOKEN_TTL = 15 * 60;
const REFRESH_TOKEN_TTL = 12 * 60 * 60;

/** Postern's own public clients. */
@Injectable()
export class BuiltInClients {
  constructor(private readonly clock: Clock) {}

  /**
   * Writes those of this release; run at every start. A client of somebody's own that has had the id
   * since before stays his.
   * @param customerId theirs by name only: their tokens are of the person's customer
   */
  async ensure(queryable: Queryable, customerId: string): Promise<void> {
    for (const [clientId, { name, callback }] of Object.entries(BUILT_IN_CLIENTS)) {
      await queryable.query(
        `INSERT INTO clients AS c (id, client_id, customer_id, name, notes, active, scopes, grant_types,
           token_endpoint_auth_method, redirect_uris, require_pkce, access_token_format, access_token_ttl,
           refresh_token_ttl, allowed_cidrs, built_in, created_at, updated_at)
         SELECT $1, $2, customer_id, $4, '', true, $5, $6, 'none', $7, true, 'opaque', $8, $9, '{}', true, $10, $10
         FROM customers ORDER BY customer_id = $3 DESC, created_at, customer_id LIMIT 1
         ON CONFLICT (client_id) DO UPDATE SET name = EXCLUDED.name, scopes = EXCLUDED.scopes,
           grant_types = EXCLUDED.grant_types, redirect_uris = EXCLUDED.redirect_uris,
           access_token_ttl = EXCLUDED.access_token_ttl, refresh_token_ttl = EXCLUDED.refresh_token_ttl, version = c.version + 1,
           updated_at = EXCLUDED.updated_at
         WHERE c.built_in AND (c.name, c.scopes, c.grant_types, c.redirect_uris, c.access_token_ttl, c.refresh_token_ttl)
           IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.scopes, EXCLUDED.grant_types, EXCLUDED.redirect_uris,
             EXCLUDED.access_token_ttl, EXCLUDED.refresh_token_ttl)`,
        [
          timeOrderedId(),
          clientId,
          customerId,
          name,
          SCOPES,
          GRANT_TYPES,
          [callback],
          ACCESS_TOKEN_TTL,
          REFRESH_TOKEN_TTL,
          this.clock.now(),
        ],
      );
    }
  }
}
