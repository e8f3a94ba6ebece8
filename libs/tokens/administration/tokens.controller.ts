import { Controller, Delete, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, withinReach, type Caller, STEP_UP_NOTE } from '#access-control';
import { ApiList, ApiProblems, Clock, ListQuery, Lists, UuidParam, type ListRequest } from '#http-api';
import type { AccessTokenEntity } from '../access-token.entity.js';
import { AccessTokenDto, RevealedTokenDto } from './access-token.dto.js';
import { accessTokenList } from './access-token-list.js';
import { presentToken } from './access-token.presenter.js';
import { TokenAdministration } from './token-administration.js';

@ApiTags('Tokens')
@Controller('api/v1/tokens')
export class TokensController {
  constructor(
    private readonly tokens: TokenAdministration,
    private readonly lists: Lists,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScope('tokens:read')
  @ApiOperation({
    operationId: 'listTokens',
    summary: 'List access tokens',
    description: 'Of all clients, expired and revoked ones too, for the retention time.',
  })
  @ApiList(accessTokenList, AccessTokenDto)
  @ApiProblems(400)
  list(@CurrentCaller() caller: Caller, @ListQuery(accessTokenList) request: ListRequest): Promise<object> {
    const now = this.clock.now();
    return this.lists.answer(accessTokenList, request, withinReach(caller, 't.customer_id'), (row) =>
      presentToken(row as unknown as AccessTokenEntity, now),
    );
  }

  @Get(':id')
  @RequireScope('tokens:read')
  @ApiOperation({
    operationId: 'readToken',
    summary: 'Read an access token',
    description: 'Never the token itself.',
  })
  @ApiOkResponse({ type: AccessTokenDto, description: 'The token.' })
  @ApiProblems(400, 404)
  async read(@CurrentCaller() caller: Caller, @UuidParam('id') id: string): Promise<AccessTokenDto> {
    return presentToken(await this.tokens.see(caller, id), this.clock.now());
  }

  @Post(':id/reveal')
  @RequireScope('credentials:reveal')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'revealToken',
    summary: 'Look at an access token again',
    description: `Where the vault is on, and was when the token was made. Every look is an audit event. ${STEP_UP_NOTE}`,
  })
  @ApiProblems(400, 404, 409)
  async reveal(@CurrentCaller() caller: Caller, @UuidParam('id') id: string): Promise<RevealedTokenDto> {
    return { id, access_token: await this.tokens.reveal(caller, id) };
  }

  @Delete(':id')
  @RequireScope('tokens:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'revokeToken',
    summary: 'Revoke an access token',
    description: 'It is refused from the next call on. Revoking it again changes nothing.',
  })
  @ApiProblems(400, 404)
  async revoke(@CurrentCaller() caller: Caller, @UuidParam('id') id: string): Promise<void> {
    await this.tokens.revoke(caller, id);
  }
}
