import { Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, RequireScope, type AuthenticatedRequest, type Caller } from '#access-control';
import { FormBody, negotiate, varyBy, type FormParameters } from '#http-api';
import { PresentedTokenDto } from '../token-endpoint/presented-token.dto.js';
import { requiredParameter } from '../token-endpoint/required-parameter.js';
import { OAuthErrorDto } from '../token-endpoint/token.dto.js';
import { CallingPageCheck } from './calling-page-check.js';
import { IntrospectionDto } from './introspection.dto.js';
import { INTROSPECTION_JWT, IntrospectionJwt } from './introspection-jwt.js';
import { TokenIntrospection } from './token-introspection.js';

/** As JSON, or signed (RFC 9701). */
export const INTROSPECTION_ANSWER = {
  description: 'What the token is worth now; signed where `Accept` prefers that (RFC 9701).',
  content: {
    'application/json': { schema: { $ref: getSchemaPath(IntrospectionDto) } },
    [INTROSPECTION_JWT]: { schema: { type: 'string' } },
  },
};

/** The introspection endpoint, RFC 7662, and RFC 9701 for who wants the answer signed. */
@ApiExtraModels(IntrospectionDto)
@ApiTags('OAuth 2.0')
@Controller('oauth2/introspect')
export class IntrospectionController {
  constructor(
    private readonly introspection: TokenIntrospection,
    private readonly pages: CallingPageCheck,
    private readonly signed: IntrospectionJwt,
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
  @ApiOkResponse(INTROSPECTION_ANSWER)
  async introspect(
    @FormBody() parameters: FormParameters,
    @CurrentCaller() caller: Caller,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IntrospectionDto | string> {
    await this.pages.require(request, caller);
    const token = requiredParameter(parameters, 'token');
    const answer = await this.introspection.introspect(token, caller.customerId);
    varyBy(reply, 'accept');
    if (negotiate(request.headers.accept, ['application/json', INTROSPECTION_JWT]) !== INTROSPECTION_JWT)
      return answer;
    void reply.type(INTROSPECTION_JWT);
    return this.signed.of(answer, caller.clientId);
  }
}
