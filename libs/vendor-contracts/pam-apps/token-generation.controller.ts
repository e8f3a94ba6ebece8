import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ClientAuthenticationService, Public, type AuthenticatedRequest } from '#access-control';
import { FormParameters, JsonBody } from '#http-api';
import { OAuthErrorDto, TokenEndpoint, tokenTypeOf } from '#tokens';
import { GeneratedTokenDto, TokenGenerationDto } from './token-generation.dto.js';

/** The token endpoint of the seed `002_…`, whose path spells "authenticate" this way. */
@ApiTags('PAM apps')
@Controller('pam/apps/autheticate/oauth/token-generation')
export class TokenGenerationController {
  constructor(
    private readonly authentication: ClientAuthenticationService,
    private readonly tokens: TokenEndpoint,
  ) {}

  /** The client authenticates by what is in the body, and the token is a JWT whatever its format is elsewhere. */
  @Post()
  @Public()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'generateToken',
    security: [],
    summary: 'Get an access token',
    description: 'Client credentials in JSON; the answer says in minutes how long the token lives.',
  })
  @ApiOkResponse({ type: GeneratedTokenDto, description: 'The token.' })
  @ApiResponse({ status: 400, type: OAuthErrorDto, description: 'As at `POST /oauth2/token`.' })
  @ApiResponse({
    status: 401,
    type: OAuthErrorDto,
    description: '`invalid_client`, another customer included.',
  })
  async generate(
    @JsonBody() { grant_type, client_id, client_secret, customer }: TokenGenerationDto,
    @Req() request: AuthenticatedRequest,
  ): Promise<GeneratedTokenDto> {
    const client = await this.authentication.bySecret(request, client_id, client_secret);
    const { issued } = await this.tokens.give(
      FormParameters.of({ grant_type, customer }),
      { ...client, accessTokenFormat: 'jwt' },
      request,
      { customer_id: client.customerId, client_name: client.name, grant_type, scopes: client.scopes },
    );
    const { expiresAt, issuedAt } = issued.token;
    return {
      access_token: issued.accessToken,
      token_type: tokenTypeOf(issued.token),
      expires_in_minutes: (expiresAt.getTime() - issuedAt.getTime()) / 60_000,
    };
  }
}
