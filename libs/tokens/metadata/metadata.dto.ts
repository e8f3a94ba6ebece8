import { ApiProperty } from '@nestjs/swagger';
import { GRANT_TYPES, SIGNATURE_ALGS, TOKEN_ENDPOINT_AUTH_METHODS } from '#oauth-protocol';

/** A public client proves nothing, and learns nothing. */
export const INTROSPECTION_AUTH_METHODS = [
  ...TOKEN_ENDPOINT_AUTH_METHODS.filter((method) => method !== 'none'),
  'Bearer',
  'DPoP',
];

/** Authorization server metadata (RFC 8414 §2). */
export class MetadataDto {
  @ApiProperty({
    description: 'Who issues, `iss` of its JWTs.',
    format: 'uri',
    example: 'https://postern.example.com',
  })
  issuer: string;

  @ApiProperty({
    description: 'Where a person is sent.',
    format: 'uri',
    example: 'https://postern.example.com/oauth2/authorize',
  })
  authorization_endpoint: string;

  @ApiProperty({
    description: 'Where tokens are got.',
    format: 'uri',
    example: 'https://postern.example.com/oauth2/token',
  })
  token_endpoint: string;

  @ApiProperty({
    description: 'Where a client pushes its authorization requests (RFC 9126).',
    format: 'uri',
    example: 'https://postern.example.com/oauth2/par',
  })
  pushed_authorization_request_endpoint: string;

  @ApiProperty({
    description: 'Whether every client must; those that must are registered so.',
    example: false,
  })
  require_pushed_authorization_requests: boolean;

  @ApiProperty({
    description: 'The keys that access tokens are signed with.',
    format: 'uri',
    example: 'https://postern.example.com/oauth2/jwks',
  })
  jwks_uri: string;

  @ApiProperty({
    description: 'Where it is asked what a token is worth (RFC 7662).',
    format: 'uri',
    example: 'https://postern.example.com/oauth2/introspect',
  })
  introspection_endpoint: string;

  @ApiProperty({
    description: 'Where a client gives a token back (RFC 7009).',
    format: 'uri',
    example: 'https://postern.example.com/oauth2/revoke',
  })
  revocation_endpoint: string;

  @ApiProperty({
    description: 'The built-in scopes; there may be others.',
    type: [String],
    example: ['devices:read', 'users:read'],
  })
  scopes_supported: string[];

  @ApiProperty({ description: 'RFC 6749 §3.1.1.', type: [String], example: ['code'] })
  response_types_supported: string[];

  @ApiProperty({ description: 'How the code is handed over.', type: [String], example: ['query'] })
  response_modes_supported: string[];

  @ApiProperty({ description: 'How tokens are got.', type: [String], example: GRANT_TYPES })
  grant_types_supported: string[];

  @ApiProperty({
    description: 'How a client authenticates at the token endpoint.',
    type: [String],
    example: TOKEN_ENDPOINT_AUTH_METHODS,
  })
  token_endpoint_auth_methods_supported: string[];

  @ApiProperty({
    description: 'How a client may sign its assertions there (RFC 7523).',
    type: [String],
    example: SIGNATURE_ALGS,
  })
  token_endpoint_auth_signing_alg_values_supported: string[];

  @ApiProperty({
    description: 'How whoever asks about a token does: as a client, or by an access token.',
    type: [String],
    example: INTROSPECTION_AUTH_METHODS,
  })
  introspection_endpoint_auth_methods_supported: string[];

  @ApiProperty({ description: 'As at the token endpoint.', type: [String], example: SIGNATURE_ALGS })
  introspection_endpoint_auth_signing_alg_values_supported: string[];

  @ApiProperty({
    description: 'How an answer about a token is signed, where a JWT is asked for (RFC 9701).',
    type: [String],
    example: ['ES256'],
  })
  introspection_signing_alg_values_supported: string[];

  @ApiProperty({
    description: 'How a client does that gives a token back.',
    type: [String],
    example: TOKEN_ENDPOINT_AUTH_METHODS,
  })
  revocation_endpoint_auth_methods_supported: string[];

  @ApiProperty({ description: 'As at the token endpoint.', type: [String], example: SIGNATURE_ALGS })
  revocation_endpoint_auth_signing_alg_values_supported: string[];

  @ApiProperty({
    description: 'How proofs may be signed (RFC 9449).',
    type: [String],
    example: SIGNATURE_ALGS,
  })
  dpop_signing_alg_values_supported: string[];

  @ApiProperty({ description: 'PKCE (RFC 7636).', type: [String], example: ['S256'] })
  code_challenge_methods_supported: string[];

  @ApiProperty({ description: 'Whether answers of authorize name the issuer (RFC 9207).', example: true })
  authorization_response_iss_parameter_supported: boolean;

  @ApiProperty({
    description: 'The documentation of the API.',
    format: 'uri',
    example: 'https://postern.example.com/docs',
  })
  service_documentation: string;
}
