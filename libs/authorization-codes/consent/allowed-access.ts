import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '#access-control';
import { AuditLog } from '#audit-log';
import { Database } from '#database';
import { Clock } from '#http-api';
import { AuthorizingClients, customerOf, type AuthorizingClient } from '../authorizing-clients.port.js';
import { Grants } from '../grants.port.js';
import type { SignedIn } from '../signed-in-people.port.js';
import type { DescribedScope } from './consent-page.js';
import { RememberedConsents } from './remembered-consents.js';

/** An application, and what a person allowed it. */
export interface Allowed {
  client: AuthorizingClient;
  scopes: DescribedScope[];
  since: Date;
}

/** What people allowed applications: what is remembered, and what is in use. */
@Injectable()
export class AllowedAccess {
  constructor(
    private readonly database: Database,
    private readonly clients: AuthorizingClients,
    private readonly consents: RememberedConsents,
    private readonly grants: Grants,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async of({ id }: SignedIn['person']): Promise<Allowed[]> {
    const inUse = await this.grants.liveOf(id, this.clock.now());
    const live = new Map(inUse.map((one) => [one.client, one]));
    const consents = await this.consents.of(id);
    const remembered = consents.map(({ client, scopes, givenAt }) => {
      // What is for other resources is not remembered.
      const all = new Set([...scopes, ...(live.get(client)?.scopes ?? [])]);
      live.delete(client);
      return { client, scopes: [...all].toSorted(), since: givenAt };
    });
    const all = [...remembered, ...live.values()];
    const allowed: Allowed[] = [];
    for (const { client: clientRow, scopes: names, since } of all) {
      const client = await this.clients.byId(clientRow);
      if (!client) continue;
      allowed.push({ client, scopes: await this.clients.describe(client.customerId, names), since });
    }
    return allowed;
  }

  /** Takes back what a person allowed a client: the consent, and all that stems from it, at once. */
  async withdraw(
    { id, username, customerId }: SignedIn['person'],
    client: AuthorizingClient,
    origin: RequestOrigin,
  ) {
    const at = this.clock.now();
    await this.database.transaction(async (transaction) => {
      const count = await this.grants.endBetween(transaction, id, client.id, at);
      await this.consents.forget(transaction, id, client.id);
      await this.audit.record(transaction, {
        type: 'access_token.revoked',
        actor: { kind: 'operator', id: username },
        origin,
        client_id: client.clientId,
        customer_id: customerOf(client, { customerId }),
        detail: { reason: 'consent_withdrawn', count, operator: username },
      });
    });
  }
}
