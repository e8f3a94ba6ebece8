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
/** A further customer's administrator looks after his own customer, and after its clients alone. */
const NOT_FOR_FURTHER_CUSTOMERS = [
  'customers:read',
  'customers:write',
  'operators:read',
  'operators:write',
  ...NOT_FOR_DEFAULTS,
];

/** The two clients that every customer begins with. */
@Injectable()
export class DefaultClients {
  constructor(private readonly registry: ClientRegistry) {}

  /** The first customer's: its administrator may do everything but reveal. */
  create(
    transaction: Transaction,
    customerId: string,
    supplied: { clientId?: string; clientSecret?: string },
  ): Promise<DefaultClient[]> {
    const scopes = adminScopesBut(NOT_FOR_DEFAULTS);
    const notes = 'Made at the first start. Holds every admin scope but credentials:reveal.';
    return this.register(transaction, systemCaller(customerId, scopes), customerId, {
      scopes,
      notes,
      client_id: supplied.clientId,
      client_secret: supplied.clientSecret,
    });
  }

  /**
   * A further customer's, in the name of who adds it: what he lacks he cannot give.
   * @throws LackingScopes 403 that names what he lacks
   */
  createFurther(transaction: Transaction, caller: Caller, customerId: string): Promise<DefaultClient[]> {
    const notes = 'Made with the customer. Administers what is the customer’s own.';
    const scopes = adminScopesBut(NOT_FOR_FURTHER_CUSTOMERS);
    return this.register(transaction, caller, customerId, { scopes, notes });
  }

  private async register(
    transaction: Transaction,
    caller: Caller,
    customerId: string,
    settings: { scopes: string[]; notes: string; client_id?: string; client_secret?: string },
  ): Promise<DefaultClient[]> {
    const administrator = await this.registry.register(
      caller,
      { ...settings, name: 'Default Client Credential', customer_id: customerId },
      transaction,
    );
    const microservice = await this.registry.register(
      caller,
      {
        name: 'mo-ssh-microservice-communication-key',
        notes: 'Made with the customer, for services that check tokens and bring PAM data in.',
        scopes: ['tokens:introspect', 'inventory:write'],
        customer_id: customerId,
      },
      transaction,
    );
    return [
      {
        client: administrator.client,
        generatedSecret: settings.client_secret ? undefined : administrator.clientSecret,
      },
      { client: microservice.client, generatedSecret: microservice.clientSecret },
    ];
  }
}

function adminScopesBut(left: string[]): string[] {
  return Object.keys(ADMIN_SCOPES).filter((scope) => !left.includes(scope));
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
