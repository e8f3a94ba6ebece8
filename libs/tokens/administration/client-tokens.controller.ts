import { Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type Caller, STEP_UP_NOTE } from '#access-control';
import { ApiList, ApiProblems, Clock, JsonBody, ListQuery, Lists, type ListRequest } from '#http-api';
import type { AccessTokenEntity } from '../access-token.entity.js';
import { ClientDirectory } from '../client-directory.port.js';
import { AccessTokenDto, HandedOutTokenDto, HandOutTokenDto } from './access-token.dto.js';
import { accessTokenList } from './access-token-list.js';
import { presentToken } from './access-token.presenter.js';
import { TokenAdministration } from './token-administration.js';

@ApiTags('Tokens')
@Controller('api/v1/clients/:client_id/tokens')
export class ClientTokensController {
  constructor(
    private readonly tokens: TokenAdministration,
    private readonly clients: ClientDirectory,
    private readonly lists: Lists,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScope('tokens:read')
  @ApiOperation({
    operationId: 'listClientTokens',
    summary: 'List a client’s access tokens',
    description: 'Expired and revoked ones too, for the retention time.',
  })
  @ApiList(accessTokenList, AccessTokenDto)
  @ApiProblems(400, 404)
  async list(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @ListQuery(accessTokenList) request: ListRequest,
  ): Promise<object> {
    const client = await this.clients.see(caller, clientId);
    const now = this.clock.now();
    return this.lists.answer(
      accessTokenList,
      request,
      [(parameters) => `t.client = ${parameters.add(client.id)}`],
      (row) => presentToken(row as unknown as AccessTokenEntity, now),
    );
  }

  @Post()
  @RequireScope('tokens:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'handOutToken',
    summary: 'Hand out an access token',
    description: `For an application that cannot fetch its own. The answer holds the token, this once. It never has more than its client, nor more admin scopes than the caller. With \`credentials:reveal\`: ${STEP_UP_NOTE}`,
  })
  @ApiCreatedResponse({ type: HandedOutTokenDto, description: 'The token, this once.' })
  @ApiProblems(400, 404, 409)
  async handOut(
    @CurrentCaller() caller: Caller,
    @Param('client_id') clientId: string,
    @JsonBody() dto: HandOutTokenDto,
  ): Promise<HandedOutTokenDto> {
    const { token, accessToken } = await this.tokens.handOut(caller, clientId, dto);
    return { ...presentToken(token, this.clock.now()), access_token: accessToken };
  }

  @Delete()
  @RequireScope('tokens:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'revokeClientTokens',
    summary: 'Revoke all of a client’s tokens',
    description: 'They are refused from the next call on.',
  })
  @ApiProblems(400, 404)
  async revokeAll(@CurrentCaller() caller: Caller, @Param('client_id') clientId: string): Promise<void> {
    await this.tokens.revokeAll(caller, clientId);
  }
}
