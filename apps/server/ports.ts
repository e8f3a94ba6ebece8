import { Injectable } from '@nestjs/common';
import type { AuthenticatedClient, Principal } from '#access-control';
import { ClientStore, ClientTokens, requireMayManage } from '#clients';
import type { Queryable } from '#database';
import { Clock, Problem } from '#http-api';
import { ClientDirectory, endTokensOf } from '#tokens';

/** What clients ask of tokens: deleting a client ends its tokens. */
@Injectable()
export class EndedWithClient extends ClientTokens {
  endAll(transaction: Queryable, client: string, at: Date): Promise<number> {
    return endTokensOf(transaction, client, at);
  }
}

/** What tokens ask of clients. */
@Injectable()
export class RegisteredClients extends ClientDirectory {
  constructor(
    private readonly store: ClientStore,
    private readonly clock: Clock,
  ) {
    super();
  }

  see(caller: Principal, clientId: string): Promise<AuthenticatedClient> {
    return this.store.see(caller, clientId);
  }

  forRevoking(caller: Principal, clientId: string): Promise<AuthenticatedClient> {
    return this.store.seeForChange(caller, clientId);
  }

  noteToken(transaction: Queryable, client: string, token: { hint: string; createdAt: Date }): Promise<void> {
    return this.store.noteToken(transaction, client, token);
  }

  async forHandingOut(caller: Principal, clientId: string): Promise<AuthenticatedClient> {
    const client = await this.store.seeForChange(caller, clientId);
    requireMayManage(caller, client);
    const { validUntil } = client;
    const ended = validUntil && this.clock.now() >= validUntil;
    if (!client.active || ended) throw Problem.conflict('client_id', 'is a client that is not active');
    return client;
  }
}
