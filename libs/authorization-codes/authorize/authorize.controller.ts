import { Controller, Get, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '#access-control';
import type { FormParameters, SeeOther } from '#http-api';
import { AuthorizationParameters } from '../request-parameters.js';
import { AuthorizationEndpoint } from './authorization-endpoint.js';
import { AuthorizationRequestDto } from './authorize.dto.js';

const REDIRECT = {
  status: 303,
  description: 'To the sign-in and consent pages; or to the redirect URI, with `error`, `state` and `iss`.',
};
const ERROR_PAGE = {
  status: 400,
  description: 'A page: the client or the redirect URI is in doubt, and nothing is sent anywhere.',
  content: { 'text/html': { schema: { type: 'string' } } },
};

/** The authorization endpoint, RFC 6749 §3.1. */
@ApiTags('OAuth 2.0')
@Public()
@Controller('oauth2/authorize')
export class AuthorizeController {
  constructor(private readonly endpoint: AuthorizationEndpoint) {}

  @Get()
  @ApiOperation({
    operationId: 'authorize',
    security: [],
    summary: 'Ask a person for access',
    description: 'RFC 6749 §4.1.1 with PKCE (RFC 7636); opened in a browser.',
  })
  @ApiQuery({ type: AuthorizationRequestDto })
  @ApiResponse(REDIRECT)
  @ApiResponse(ERROR_PAGE)
  get(@AuthorizationParameters() parameters: FormParameters): Promise<SeeOther> {
    return this.endpoint.begin(parameters);
  }

  @Post()
  @ApiOperation({
    operationId: 'authorizeByForm',
    security: [],
    summary: 'Ask a person for access, by a form',
    description: 'The same as GET, for requests that are too long for an address.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: AuthorizationRequestDto })
  @ApiResponse(REDIRECT)
  @ApiResponse(ERROR_PAGE)
  post(@AuthorizationParameters() parameters: FormParameters): Promise<SeeOther> {
    return this.endpoint.begin(parameters);
  }
}
