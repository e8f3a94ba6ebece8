import { Injectable } from '@nestjs/common';
import { NO_REQUEST, SYSTEM, type Caller } from '#access-control';
import type { Transaction } from '#database';
import { ADMIN_SCOPES, Permissions } from '#oauth-protocol';
import type { ClientEntity } from './client.entity.js';
import { ClientRegistry } from './registration/client-registry.js';

export interface DefaultClient {
  client: ClientEntity;
  /** Undefined where the operator supplied it himself. */
  generatedSecret?: string;
}

const NOT_FOR_DEFAULTS = ['credentials:reveal'];

/** The two clients that every customer begins with. */
@Injectable()
export class DefaultClients {
  constructor(private readonly registry: ClientRegistry) {}

  /** The first customer's: its administrator may do everything but reveal. */
  async create(
    transaction: Transaction,
    customerId: string,
    supplied: { clientId?: string; clientSecret?: string },
  ): Promise<DefaultClient[]> {
    const scopes = Object.keys(ADMIN_SCOPES).filter((scope) => !NOT_FOR_DEFAULTS.includes(scope));
    const caller = systemCaller(customerId, scopes);
    const administrator = await this.registry.register(
      caller,
      {
        name: 'Default Client Credential',
        notes: 'Made at the first start. Holds every admin scope but credentials:reveal.',
        scopes,
        client_id: supplied.clientId,
        client_secret: supplied.clientSecret,
      },
      transaction,
    );
    const microservice = await this.registry.register(
      caller,
      {
        name: 'mo-ssh-microservice-communication-key',
        notes: 'Made at the first start, for services that check tokens and bring PAM data in.',
        scopes: ['tokens:introspect', 'inventory:write'],
      },
      transaction,
    );
    return [
      {
        client: administrator.client,
        generatedSecret: supplied.clientSecret ? undefined : administrator.clientSecret,
      },
      { client: microservice.client, generatedSecret: microservice.clientSecret },
    ];
  }
}

/** Postern itself, at its first start. */
function systemCaller(customerId: string, scopes: string[]): Caller {
  return {
    actor: SYSTEM,
    customerId,
    clientId: '',
    permissions: new Permissions(scopes),
    origin: NO_REQUEST,
  };
}
