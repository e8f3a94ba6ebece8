import { Injectable } from '@nestjs/common';
import {
  AuthorizationCodeStore,
  AuthorizationRequests,
  AuthorizingClients,
  type AuthorizingClient,
} from '#authorization-codes';
import { ClientStore, LastAuthorizations, ScopeCatalogue, type ClientEntity } from '#clients';
import { PublicUrl } from '#configuration';
import type { Queryable } from '#database';
import { formActionOf } from '#http-api';
import { PendingAuthorizations, type PendingAuthorization } from '#operators';
import { AuthorizationCodes, type PresentedCode, type SpentCode } from '#tokens';

/** What codes ask of clients. */
@Injectable()
export class ClientsThatAuthorize extends AuthorizingClients {
  constructor(
    private readonly store: ClientStore,
    private readonly lastAuthorizations: LastAuthorizations,
    private readonly catalogue: ScopeCatalogue,
    private readonly publicUrl: PublicUrl,
  ) {
    super();
  }

  async byClientId(clientId: string): Promise<AuthorizingClient | undefined> {
    return this.addressed(await this.store.any({ clientId }));
  }

  async byId(id: string): Promise<AuthorizingClient | undefined> {
    return this.addressed(await this.store.any({ id }));
  }

  describe(customerId: string, scopes: readonly string[]): Promise<{ name: string; description: string }[]> {
    return this.catalogue.describe(customerId, scopes);
  }

  noteCode(...[transaction, client, latest]: Parameters<AuthorizingClients['noteCode']>): Promise<boolean> {
    return this.lastAuthorizations.noteCode(transaction, client, latest);
  }

  /** A built-in client's redirect URIs are stored as paths: where this server is, is not known at its first start. */
  private addressed(client: ClientEntity | undefined): AuthorizingClient | undefined {
    if (!client?.builtIn) return client;
    return { ...client, redirectUris: client.redirectUris.map((path) => this.publicUrl.issuer + path) };
  }
}

/** What sign-in asks of codes: what somebody signs in for. */
@Injectable()
export class RequestsThatWait extends PendingAuthorizations {
  constructor(
    private readonly requests: AuthorizationRequests,
    private readonly clients: ClientStore,
  ) {
    super();
  }

  async find(id: string, browser: string): Promise<PendingAuthorization | undefined> {
    const request = await this.requests.find(id, browser);
    const client = request && (await this.clients.any({ id: request.client }));
    return client && { clientName: client.name, formAction: formActionOf(request.redirectUri) };
  }
}

/** What tokens ask of codes. */
@Injectable()
export class CodesThatAreRedeemed extends AuthorizationCodes {
  constructor(private readonly store: AuthorizationCodeStore) {
    super();
  }

  grantOf(transaction: Queryable, code: string): Promise<string | undefined> {
    return this.store.grantOf(transaction, code);
  }

  spend(transaction: Queryable, presented: PresentedCode, at: Date): Promise<SpentCode> {
    return this.store.spend(transaction, presented, at);
  }
}
