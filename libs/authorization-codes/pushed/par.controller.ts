import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
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
import { PushedAuthorizationEndpoint } from './pushed-authorization-endpoint.js';
import { PushedAuthorizationRequestDto, PushedAuthorizationResponseDto } from './par.dto.js';

/** The pushed authorization request endpoint, RFC 9126. */
@ApiTags('OAuth 2.0')
@Controller('oauth2/par')
export class ParController {
  constructor(private readonly endpoint: PushedAuthorizationEndpoint) {}

  @Post()
  @AuthenticateClient()
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'pushAuthorizationRequest',
    summary: 'Push an authorization request',
    description:
      'RFC 9126: what would stand in the address of `GET /oauth2/authorize`, from the client itself; the browser then comes with `client_id` and `request_uri` alone. A `DPoP` header binds the code to its key (RFC 9449 §10.1).',
  })
  @ApiHeader({
    name: 'DPoP',
    required: false,
    description: 'A proof (RFC 9449): whoever redeems the code must show the same key.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: PushedAuthorizationRequestDto })
  @ApiCreatedResponse({ type: PushedAuthorizationResponseDto, description: 'What stands for the request.' })
  @ApiResponse({
    status: 400,
    description:
      'The errors of the authorization endpoint, as JSON (RFC 6749 §5.2), `invalid_dpop_proof` or `use_dpop_nonce`.',
  })
  @ApiResponse({ status: 401, description: '`invalid_client`.' })
  push(
    @FormBody() parameters: FormParameters,
    @CurrentClient() client: AuthenticatedClient,
    @Req() request: AuthenticatedRequest,
  ): Promise<PushedAuthorizationResponseDto> {
    return this.endpoint.push(parameters, client, request);
  }
}
