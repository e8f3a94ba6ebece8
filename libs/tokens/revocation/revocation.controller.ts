import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  AuthenticateClient,
  CurrentClient,
  requestOrigin,
  type AuthenticatedClient,
  type AuthenticatedRequest,
} from '#access-control';
import { FormBody, type FormParameters } from '#http-api';
import { PresentedTokenDto } from '../token-endpoint/presented-token.dto.js';
import { requiredParameter } from '../token-endpoint/required-parameter.js';
import { OAuthErrorDto } from '../token-endpoint/token.dto.js';
import { TokenRevocation } from './token-revocation.js';

/** The revocation endpoint, RFC 7009. */
@ApiTags('OAuth 2.0')
@Controller('oauth2/revoke')
export class RevocationController {
  constructor(private readonly revocation: TokenRevocation) {}

  @Post()
  @AuthenticateClient()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  // The body is empty (RFC 7009 §2.2), and some clients insist on JSON all the same.
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'revoke',
    summary: 'Revoke a token of one’s own',
    description:
      'RFC 7009. A refresh token ends everything that stems from the same sign-in; an access token ends alone. A token that is not there is revoked already.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: PresentedTokenDto })
  @ApiOkResponse({ description: 'The token is worth nothing.' })
  @ApiResponse({
    status: 400,
    type: OAuthErrorDto,
    description: '`invalid_request`, or `unauthorized_client` for another client’s token.',
  })
  @ApiResponse({ status: 401, type: OAuthErrorDto, description: '`invalid_client`.' })
  async revoke(
    @FormBody() parameters: FormParameters,
    @CurrentClient() client: AuthenticatedClient,
    @Req() request: AuthenticatedRequest,
  ): Promise<void> {
    await this.revocation.revoke(requiredParameter(parameters, 'token'), {
      client,
      origin: requestOrigin(request),
    });
  }
}
