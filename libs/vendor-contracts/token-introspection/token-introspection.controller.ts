import { Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, RequireScope, type AuthenticatedRequest, type Caller } from '#access-control';
import { FormBody, type FormParameters } from '#http-api';
import {
  INTROSPECTION_ANSWER,
  IntrospectionController,
  OAuthErrorDto,
  PresentedTokenDto,
  type IntrospectionDto,
} from '#tokens';

/** The introspection endpoint at the address that belongs to the seed `003_…`. */
@ApiTags('API clients (configuration API)')
@Controller('oauth/api/v2/token/introspect')
export class TokenIntrospectionController extends IntrospectionController {
  @Post()
  @RequireScope('onegini_api_token_introspection', ['bearer', 'client'])
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'introspectApiToken',
    summary: 'Ask about a token that one was shown',
    description: 'As `POST /oauth2/introspect`.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: PresentedTokenDto })
  @ApiOkResponse(INTROSPECTION_ANSWER)
  @ApiResponse({ status: 400, type: OAuthErrorDto, description: '`invalid_request`.' })
  override introspect(
    @FormBody() parameters: FormParameters,
    @CurrentCaller() caller: Caller,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IntrospectionDto | string> {
    return super.introspect(parameters, caller, request, reply);
  }
}
