import { Injectable } from '@nestjs/common';
import { reachOf, StepUp, type Caller } from '#access-control';
import { AuditLog } from '#audit-log';
import { Database, type Queryable } from '#database';
import { secretHint } from '#oauth-protocol';
import { Vault } from '#sealing';
import type { ClientEntity } from '../client.entity.js';

const CODE = 'clients.authorization_code_sealed';
const TOKEN = 'clients.authorization_access_token_sealed';

/** The latest code and token in full, for who may see them. */
export interface RevealedAuthorization {
  authorizationCode?: string;
  accessToken?: string;
}

/** What the code flow last did for a client: the read-only fields of its record. */
@Injectable()
export class LastAuthorizations {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly stepUp: StepUp,
    private readonly audit: AuditLog,
  ) {}

  /** Notes the latest code, and holds the client's row until the transaction ends. @returns false where it is gone */
  async noteCode(
    transaction: Queryable,
    client: string,
    latest: { redirectUri: string; code: string; createdAt: Date; passthruUser: string },
  ): Promise<boolean> {
    const { redirectUri, code, createdAt, passthruUser } = latest;
    const { rowCount } = await transaction.query(
      `UPDATE clients SET authorization_redirect_uri = $2, authorization_code_hint = $3, authorization_code_sealed = $4,
         authorization_code_created_at = $5, authorization_passthru_user = $6 WHERE id = $1`,
      [client, redirectUri, secretHint(code), this.vault.keep(code, CODE, client), createdAt, passthruUser],
    );
    return rowCount === 1;
  }

  async noteToken(
    transaction: Queryable,
    client: string,
    { accessToken, createdAt }: { accessToken: string; createdAt: Date },
  ): Promise<void> {
    await transaction.query(
      `UPDATE clients SET authorization_access_token_hint = $2, authorization_access_token_sealed = $3,
         authorization_token_created_at = $4 WHERE id = $1`,
      [client, secretHint(accessToken), this.vault.keep(accessToken, TOKEN, client), createdAt],
    );
  }

  /** Both in full where the vault has them and the caller may reveal them; each look is on record before it is answered. */
  async reveal(caller: Caller, client: ClientEntity): Promise<RevealedAuthorization> {
    if (!this.vault.on || !mayReveal(caller, client) || !(await this.stepUp.isRecent(caller))) return {};
    const { actor, origin } = caller;
    return this.database.transaction(async (transaction) => {
      const { rows } = await transaction.query<{ code: string | null; token: string | null }>(
        `SELECT authorization_code_sealed AS code, authorization_access_token_sealed AS token
         FROM clients WHERE id = $1`,
        [client.id],
      );
      const { code, token } = rows[0] ?? { code: null, token: null };
      for (const [sealed, credential] of [
        [code, 'authorization_code'],
        [token, 'access_token'],
      ] as const) {
        if (sealed === null) continue;
        await this.audit.record(transaction, {
          type: 'credential.revealed',
          actor,
          origin,
          client_id: client.clientId,
          customer_id: client.customerId,
          detail: { credential },
        });
      }
      return {
        authorizationCode: code === null ? undefined : this.vault.reveal(code, CODE, client.id),
        accessToken: token === null ? undefined : this.vault.reveal(token, TOKEN, client.id),
      };
    });
  }
}

/**
 * An owner alone, in person, as the token speaks for a person too; and as for a secret of the
 * client's: who sees other customers' clients and may not change them looks at none.
 */
function mayReveal(caller: Caller, client: ClientEntity): boolean {
  const { permissions, operator } = caller;
  return (
    operator?.role === 'owner' &&
    permissions.includes('credentials:reveal') &&
    [undefined, client.customerId].includes(reachOf(caller, 'change')) &&
    permissions.missingAdminScopes(client.scopes).length === 0
  );
}
