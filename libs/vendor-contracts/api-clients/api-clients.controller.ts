import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, RequireScope, type Caller } from '#access-control';
import { JsonBody, QueryParameters, type FormParameters } from '#http-api';
import { ApiClientDto, ApiClientListDto, CreateApiClientDto, UpdateApiClientDto } from './api-client.dto.js';
import { ApiClients, pageNumberOf } from './api-clients.js';
import { API_CLIENTS_PATH, ApiClientsAnswer } from './api-clients-answer.js';

/** The API Clients API of the seed `003_…`, which spells its path in two ways. */
@ApiTags('API clients (configuration API)')
@Controller([API_CLIENTS_PATH, 'api/v1/configuration/api_clients'])
export class ApiClientsController {
  constructor(private readonly clients: ApiClients) {}

  @Get()
  @ApiClientsAnswer(400)
  @RequireScope('onegini_api_admin', ['basic'])
  @ApiOperation({
    summary: 'List of API Clients',
    description: 'Up to 100, `page` from 0. Secrets are never returned.',
  })
  @ApiOkResponse({ type: ApiClientListDto })
  async list(
    @CurrentCaller() caller: Caller,
    @QueryParameters(['page']) parameters: FormParameters,
  ): Promise<ApiClientListDto> {
    return { result: await this.clients.page(caller, pageNumberOf(parameters.get('page'))) };
  }

  @Post()
  @ApiClientsAnswer(400, 409)
  @RequireScope('onegini_api_admin', ['basic'])
  @HttpCode(201)
  @ApiOperation({
    summary: 'Create API Client',
    description: 'The answer is empty; `Location` names the client.',
  })
  @ApiCreatedResponse({ description: 'It is there.' })
  async create(
    @CurrentCaller() caller: Caller,
    @JsonBody() dto: CreateApiClientDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.clients.create(caller, dto);
    void reply.header('location', `/${API_CLIENTS_PATH}/${dto.client_id}`);
  }

  @Get(':client_id')
  @ApiClientsAnswer(404)
  @RequireScope('onegini_api_admin', ['basic'])
  @ApiOperation({ summary: 'Read API Client', description: 'Secrets are never returned.' })
  @ApiOkResponse({ type: ApiClientDto })
  read(@CurrentCaller() caller: Caller, @Param('client_id') clientId: string): Promise<ApiClientDto> {
    return this.clients.read(caller, clientId);
  }

  @Patch(':client_id')
  @ApiClientsAnswer(400, 404)
  @RequireScope('onegini_api_admin', ['basic'])
  @HttpCode(204)
  @ApiOperation({ summary: 'Update API Client', description: 'Only the fields that are sent are changed.' })
  @ApiNoContentResponse({ description: 'It has changed.' })
  async change(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @JsonBody() dto: UpdateApiClientDto,
  ): Promise<void> {
    await this.clients.change(caller, clientId, dto);
  }

  @Delete(':client_id')
  @ApiClientsAnswer(404)
  @RequireScope('onegini_api_admin', ['basic'])
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete API Client', description: 'Its tokens end with it.' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  async remove(@CurrentCaller() caller: Caller, @Param('client_id') clientId: string): Promise<void> {
    await this.clients.remove(caller, clientId);
  }
}
