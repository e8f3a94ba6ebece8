import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScope, type AuthenticatedRequest, type Caller } from '#access-control';
import { FormBody, type FormParameters } from '#http-api';
import { PresentedTokenDto } from '../token-endpoint/presented-token.dto.js';
import { requiredParameter } from '../token-endpoint/required-parameter.js';
import { OAuthErrorDto } from '../token-endpoint/token.dto.js';
import { CallingPageCheck } from './calling-page-check.js';
import { IntrospectionDto } from './introspection.dto.js';
import { TokenIntrospection } from './token-introspection.js';

/** The introspection endpoint, RFC 7662. */
@ApiTags('OAuth 2.0')
@Controller('oauth2/introspect')
export class IntrospectionController {
  constructor(
    private readonly introspection: TokenIntrospection,
    private readonly pages: CallingPageCheck,
  ) {}

  @Post()
  @ApiResponse({ status: 400, type: OAuthErrorDto, description: '`invalid_request`.' })
  @ApiResponse({ status: 401, type: OAuthErrorDto, description: '`invalid_client` or `invalid_token`.' })
  @ApiResponse({
    status: 403,
    type: OAuthErrorDto,
    description:
      '`insufficient_scope`, or `access_denied` for a page that does not lie under the caller’s `public_base_uri`.',
  })
  @RequireScope('tokens:introspect', ['bearer', 'client'])
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'introspect',
    summary: 'Ask about a token that one was shown',
    description:
      'RFC 7662, for tokens of the caller’s own customer. The caller comes with a bearer token, or as a client by Basic or in the body.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: PresentedTokenDto })
  @ApiOkResponse({ type: IntrospectionDto, description: 'What the token is worth now.' })
  async introspect(
    @FormBody() parameters: FormParameters,
    @CurrentCaller() caller: Caller,
    @Req() request: AuthenticatedRequest,
  ): Promise<IntrospectionDto> {
    await this.pages.require(request, caller);
    return this.introspection.introspect(requiredParameter(parameters, 'token'), caller.customerId);
  }
}
