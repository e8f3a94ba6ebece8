import { Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  AuthenticateClient,
  CurrentClient,
  Public,
  type AuthenticatedClient,
  type AuthenticatedRequest,
} from '#access-control';
import { AuthorizationEndpoint, AuthorizationParameters } from '#authorization-codes';
import { FormBody, type FormParameters, type SeeOther } from '#http-api';
import { OAuthErrorDto, TokenEndpoint, TokenRequestDto, TokenResponseDto } from '#tokens';

/** That system calls the redirect URI `redirect_url`, at its authorization endpoint at least. */
const translated = (parameters: FormParameters) => parameters.renamed('redirect_url', 'redirect_uri');

/** The code flow at the addresses of the seed `004_…`; a redirect URI and `state` are required there. */
@ApiTags('OAuth controller')
@Controller('osoc/api/oauthcontroller')
export class OauthControllerController {
  constructor(
    private readonly authorization: AuthorizationEndpoint,
    private readonly tokens: TokenEndpoint,
  ) {}

  @Get('authorize')
  @Public()
  @ApiOperation({
    operationId: 'osocAuthorize',
    security: [],
    summary: 'Sign in and allow',
    description: 'As `GET /oauth2/authorize`; takes `redirect_url` too, and requires it and `state`.',
  })
  @ApiResponse({ status: 303, description: 'To the sign-in page, or back to the client.' })
  authorize(@AuthorizationParameters() parameters: FormParameters): Promise<SeeOther> {
    return this.authorization.begin(translated(parameters), ['redirect_uri', 'state']);
  }

  @Post('token')
  @AuthenticateClient()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'osocToken',
    summary: 'Get an access token',
    description: 'As `POST /oauth2/token`.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenRequestDto })
  @ApiOkResponse({ type: TokenResponseDto, description: 'The token.' })
  @ApiResponse({ status: 400, type: OAuthErrorDto, description: 'As at `POST /oauth2/token`.' })
  @ApiResponse({ status: 401, type: OAuthErrorDto, description: '`invalid_client`.' })
  token(
    @FormBody() parameters: FormParameters,
    @CurrentClient() client: AuthenticatedClient,
    @Req() request: AuthenticatedRequest,
  ): Promise<TokenResponseDto> {
    return this.tokens.answer(translated(parameters).requireSingle(), client, request);
  }
}
