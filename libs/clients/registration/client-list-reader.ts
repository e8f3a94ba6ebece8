import { Injectable } from '@nestjs/common';
import { LackingScopes, withinReach, type Caller } from '#access-control';
import { Clock, Lists, type Inclusion, type ListRequest } from '#http-api';
import { ClientTokens } from '../client-tokens.port.js';
import type { ClientEntity } from '../client.entity.js';
import { clientList } from './client-list.js';
import { presentClient } from './client.presenter.js';

/** Lists the clients that a caller sees, never the built-in ones. */
@Injectable()
export class ClientListReader {
  constructor(
    private readonly lists: Lists,
    private readonly tokens: ClientTokens,
    private readonly clock: Clock,
  ) {}

  /** @throws LackingScopes 403 where tokens are to be counted by who may not see them */
  list(caller: Caller, request: ListRequest): Promise<object> {
    if (request.include.includes('live_tokens') && !caller.permissions.includes('tokens:read'))
      throw new LackingScopes('Tokens are counted for who may see them', ['tokens:read']);
    const liveTokens: Inclusion = (rows) =>
      this.tokens.countLive(
        rows.map(({ id }) => id as string),
        this.clock.now(),
      );
    return this.lists.answer(
      clientList,
      request,
      [() => 'NOT c.built_in', ...withinReach(caller, 'c.customer_id')],
      (row) => presentClient(row as unknown as ClientEntity),
      { live_tokens: liveTokens },
    );
  }
}
