import { Injectable } from '@nestjs/common';
import type { Caller } from '#access-control';
import { ClientRegistry, ClientSecrets, ClientStore, type ClientEntity } from '#clients';
import { Database } from '#database';
import { Problem } from '#http-api';
import type { ApiClientDto, CreateApiClientDto, UpdateApiClientDto } from './api-client.dto.js';

const PAGE_SIZE = 100;
/** Beyond every end, and within what the database counts to. */
const LAST_PAGE = 1_000_000_000;

/** That system's words for what the registry of clients does. */
@Injectable()
export class ApiClients {
  constructor(
    private readonly database: Database,
    private readonly store: ClientStore,
    private readonly registry: ClientRegistry,
    private readonly secrets: ClientSecrets,
  ) {}

  /** @param number from 0; beyond the end there is nothing */
  async page(caller: Caller, number: number): Promise<ApiClientDto[]> {
    const clients = await this.store.page(caller, number * PAGE_SIZE, PAGE_SIZE);
    return clients.map(present);
  }

  async create(caller: Caller, dto: CreateApiClientDto): Promise<void> {
    await this.registry.register(caller, dto);
  }

  async read(caller: Caller, clientId: string): Promise<ApiClientDto> {
    return present(await this.store.see(caller, clientId));
  }

  /** The secret and the rest change together; the old secret is good no longer. */
  async change(
    caller: Caller,
    clientId: string,
    { client_secret, ...settings }: UpdateApiClientDto,
  ): Promise<void> {
    const secret = client_secret === undefined ? undefined : await this.secrets.prepare(client_secret);
    await this.database.transaction(async (transaction) => {
      await this.registry.change(caller, clientId, settings, { within: transaction });
      if (secret) await this.secrets.replace(transaction, caller, clientId, secret);
    });
  }

  async remove(caller: Caller, clientId: string): Promise<void> {
    await this.registry.remove(caller, clientId);
  }
}

/** @throws Problem 400 */
export function pageNumberOf(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d+$/.test(text)) throw Problem.invalidField('page', 'must be a whole number from 0');
  return Math.min(Number(text), LAST_PAGE);
}

function present({ name, clientId, scopes, publicBaseUri }: ClientEntity): ApiClientDto {
  return { name, client_id: clientId, scopes, public_base_uri: publicBaseUri ?? '' };
}
