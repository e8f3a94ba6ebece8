import { Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  AuthenticateClient,
  ClientAuthenticationService,
  CurrentClient,
  requestOrigin,
  type AuthenticatedClient,
  type AuthenticatedRequest,
} from '#access-control';
import { FormBody, type FormParameters } from '#http-api';
import { OAuthError } from '#oauth-protocol';
import { GRANTS, type Grant } from './grants/grant.js';
import { OAuthErrorDto, TokenRequestDto, TokenResponseDto } from './token.dto.js';

/** The token endpoint, RFC 6749 §3.2. */
@ApiTags('OAuth 2.0')
@Controller('oauth2/token')
export class TokenController {
  constructor(
    @Inject(GRANTS) private readonly grants: Grant[],
    private readonly authentication: ClientAuthenticationService,
  ) {}

  @Post()
  @AuthenticateClient()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'token',
    summary: 'Get an access token',
    description:
      'RFC 6749 §4.1.3, §4.4 and §6. The client authenticates by Basic, or by `client_id` and `client_secret` in the body; a public client sends its `client_id` alone.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenRequestDto })
  @ApiOkResponse({ type: TokenResponseDto, description: 'The token.' })
  @ApiResponse({
    status: 400,
    type: OAuthErrorDto,
    description:
      '`invalid_request`, `invalid_grant`, `invalid_scope`, `unauthorized_client` or `unsupported_grant_type`.',
  })
  @ApiResponse({ status: 401, type: OAuthErrorDto, description: '`invalid_client`.' })
  async token(
    @FormBody() parameters: FormParameters,
    @CurrentClient() client: AuthenticatedClient,
    @Req() request: AuthenticatedRequest,
  ): Promise<TokenResponseDto> {
    const grant = this.grantOf(parameters.get('grant_type'));
    const customer = parameters.get('customer');
    if (customer && customer !== client.customerId) {
      return this.authentication.fail(request, 'wrong_customer', client.clientId, client.customerId);
    }
    const { issued, refreshToken } = await grant.handle({
      client,
      parameters,
      origin: requestOrigin(request),
    });
    const { token, accessToken } = issued;
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: Math.round((token.expiresAt.getTime() - token.issuedAt.getTime()) / 1000),
      scope: token.scopes.join(' '),
      refresh_token: refreshToken,
    };
  }

  private grantOf(grantType: string | undefined): Grant {
    if (!grantType) throw new OAuthError('invalid_request', 'grant_type is missing.');
    const grant = this.grants.find((one) => one.grantType === grantType);
    if (!grant) throw new OAuthError('unsupported_grant_type', 'This grant_type is not supported.');
    return grant;
  }
}
