import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '#access-control';
import { PublicUrl } from '#configuration';
import { ApiETag, Tagged } from '#http-api';
import { BUILT_IN_SCOPES, SIGNATURE_ALGS, TOKEN_ENDPOINT_AUTH_METHODS } from '#oauth-protocol';
import { INTROSPECTION_ALG } from '../introspection/introspection-jwt.js';
import { GRANTS, type Grant } from '../token-endpoint/grants/grant.js';
import { INTROSPECTION_AUTH_METHODS, MetadataDto } from './metadata.dto.js';

/** Authorization server metadata, RFC 8414. */
@Public()
@ApiTags('OAuth 2.0')
@Controller('.well-known/oauth-authorization-server')
export class MetadataController {
  constructor(
    @Inject(GRANTS) private readonly grants: Grant[],
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get()
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({
    operationId: 'metadata',
    security: [],
    summary: 'What this authorization server can do',
    description: 'RFC 8414: addresses and abilities, for client libraries that find their own way.',
  })
  @ApiOkResponse({ type: MetadataDto, description: 'The metadata.' })
  @ApiETag()
  metadata(): Tagged<MetadataDto> {
    const { issuer } = this.publicUrl;
    return Tagged.byContent({
      issuer,
      authorization_endpoint: `${issuer}/oauth2/authorize`,
      token_endpoint: `${issuer}/oauth2/token`,
      pushed_authorization_request_endpoint: `${issuer}/oauth2/par`,
      // Of some clients it is required, of others not.
      require_pushed_authorization_requests: false,
      jwks_uri: `${issuer}/oauth2/jwks`,
      introspection_endpoint: `${issuer}/oauth2/introspect`,
      revocation_endpoint: `${issuer}/oauth2/revoke`,
      scopes_supported: Object.keys(BUILT_IN_SCOPES),
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: this.grants.map(({ grantType }) => grantType),
      token_endpoint_auth_methods_supported: [...TOKEN_ENDPOINT_AUTH_METHODS],
      token_endpoint_auth_signing_alg_values_supported: [...SIGNATURE_ALGS],
      introspection_endpoint_auth_methods_supported: [...INTROSPECTION_AUTH_METHODS],
      introspection_endpoint_auth_signing_alg_values_supported: [...SIGNATURE_ALGS],
      introspection_signing_alg_values_supported: [INTROSPECTION_ALG],
      revocation_endpoint_auth_methods_supported: [...TOKEN_ENDPOINT_AUTH_METHODS],
      revocation_endpoint_auth_signing_alg_values_supported: [...SIGNATURE_ALGS],
      dpop_signing_alg_values_supported: [...SIGNATURE_ALGS],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      service_documentation: `${issuer}/docs`,
    });
  }
}
