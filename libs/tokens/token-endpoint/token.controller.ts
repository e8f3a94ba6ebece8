import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import {
  AuthenticateClient,
  CurrentClient,
  type AuthenticatedClient,
  type AuthenticatedRequest,
} from '#access-control';
import { FormBody, type FormParameters } from '#http-api';
import { TokenEndpoint } from './token-endpoint.js';
import { OAuthErrorDto, TokenRequestDto, TokenResponseDto } from './token.dto.js';

/** The token endpoint, RFC 6749 §3.2. */
@ApiTags('OAuth 2.0')
@Controller('oauth2/token')
export class TokenController {
  constructor(private readonly endpoint: TokenEndpoint) {}

  @Post()
  @AuthenticateClient()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'token',
    summary: 'Get an access token',
    description:
      'RFC 6749 §4.1.3, §4.4 and §6. The client authenticates by Basic, by `client_id` and `client_secret` in the body, or by `client_assertion` (RFC 7523); a public client sends its `client_id` alone.',
  })
  @ApiHeader({
    name: 'DPoP',
    required: false,
    description: 'A proof (RFC 9449): binds what is given to its key.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenRequestDto })
  @ApiOkResponse({ type: TokenResponseDto, description: 'The token.' })
  @ApiResponse({
    status: 400,
    type: OAuthErrorDto,
    description:
      '`invalid_request`, `invalid_grant`, `invalid_scope`, `invalid_target`, `unauthorized_client`, `unsupported_grant_type`, `invalid_dpop_proof` or `use_dpop_nonce`.',
  })
  @ApiResponse({ status: 401, type: OAuthErrorDto, description: '`invalid_client`.' })
  token(
    @FormBody() parameters: FormParameters,
    @CurrentClient() client: AuthenticatedClient,
    @Req() request: AuthenticatedRequest,
  ): Promise<TokenResponseDto> {
    return this.endpoint.answer(parameters, client, request);
  }
}
