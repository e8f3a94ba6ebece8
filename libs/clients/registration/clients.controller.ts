import { Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, RequireScope, type Caller, STEP_UP_NOTE } from '#access-control';
import {
  ApiETag,
  ApiIfMatch,
  ApiList,
  ApiProblems,
  IfMatch,
  JsonBody,
  ListQuery,
  Tagged,
  type ListRequest,
} from '#http-api';
import type { ClientEntity } from '../client.entity.js';
import { ClientDto, ListedClientDto, RegisteredClientDto } from './client.dto.js';
import { clientList } from './client-list.js';
import { ClientListReader } from './client-list-reader.js';
import { clientETag, presentClient } from './client.presenter.js';
import { ClientRegistry } from './client-registry.js';
import { ClientStore } from './client-store.js';
import { LastAuthorizations } from './last-authorizations.js';
import { CreateClientDto } from './create-client.dto.js';
import { UpdateClientDto } from './update-client.dto.js';

const tagged = (client: ClientEntity): Tagged<ClientDto> =>
  new Tagged(presentClient(client), clientETag(client));

@ApiTags('Clients')
@Controller('api/v1/clients')
export class ClientsController {
  constructor(
    private readonly registry: ClientRegistry,
    private readonly store: ClientStore,
    private readonly lastAuthorizations: LastAuthorizations,
    private readonly reader: ClientListReader,
  ) {}

  @Get()
  @RequireScope('clients:read')
  @ApiOperation({
    operationId: 'listClients',
    summary: 'List API applications',
    description: 'Secrets are never among what is listed.',
  })
  @ApiList(clientList, ListedClientDto)
  @ApiProblems(400)
  list(@CurrentCaller() caller: Caller, @ListQuery(clientList) request: ListRequest): Promise<object> {
    return this.reader.list(caller, request);
  }

  @Post()
  @RequireScope('clients:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'registerClient',
    summary: 'Register an API application',
    description: `Needs only a name. The answer holds the client’s secret, this once. Admin scopes can be given only by a caller who has them. With \`credentials:reveal\`: ${STEP_UP_NOTE}`,
  })
  @ApiCreatedResponse({ type: RegisteredClientDto, description: 'The client, and its secret this once.' })
  @ApiProblems(400, 409)
  async register(
    @CurrentCaller() caller: Caller,
    @JsonBody() dto: CreateClientDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tagged<RegisteredClientDto>> {
    const { client, clientSecret } = await this.registry.register(caller, dto);
    void reply.header('location', `/api/v1/clients/${client.clientId}`);
    return new Tagged({ ...presentClient(client), client_secret: clientSecret }, clientETag(client));
  }

  @Get(':client_id')
  @RequireScope('clients:read')
  // Masked or in full, it has the same entity tag: a copy of the one must not stand for the other.
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'readClient',
    summary: 'Read an API application',
    description:
      'With an `ETag` for a later change. Where the vault is on, an owner with `credentials:reveal` sees the last code and token in full, and that is on record; one with a second factor only while he has shown it within five minutes.',
  })
  @ApiOkResponse({ type: ClientDto, description: 'The client.' })
  @ApiETag()
  @ApiProblems(400, 404)
  async read(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
  ): Promise<Tagged<ClientDto>> {
    const client = await this.store.see(caller, clientId);
    const revealed = await this.lastAuthorizations.reveal(caller, client);
    return new Tagged(presentClient(client, revealed), clientETag(client));
  }

  @Patch(':client_id')
  @RequireScope('clients:write')
  @ApiOperation({
    operationId: 'updateClient',
    summary: 'Change an API application',
    description: `Only the fields that are sent are changed. Deactivating suspends its tokens. Where it has, or gets, \`credentials:reveal\`: ${STEP_UP_NOTE}`,
  })
  @ApiOkResponse({ type: ClientDto, description: 'The client as it is now.' })
  @ApiIfMatch()
  @ApiProblems(400, 404, 409, 412)
  async change(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @JsonBody() dto: UpdateClientDto,
    @IfMatch() ifMatch?: string,
  ): Promise<Tagged<ClientDto>> {
    return tagged(await this.registry.change(caller, clientId, dto, { ifMatch }));
  }

  @Delete(':client_id')
  @RequireScope('clients:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteClient',
    summary: 'Delete an API application',
    description: 'Ends its secrets and all its tokens for good, even if the id is used again.',
  })
  @ApiIfMatch()
  @ApiProblems(400, 404, 412)
  async remove(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @IfMatch() ifMatch?: string,
  ): Promise<void> {
    await this.registry.remove(caller, clientId, ifMatch);
  }
}
