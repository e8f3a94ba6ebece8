import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ACCESS_TOKEN_FORMATS,
  ACCESS_TOKEN_SIGNING_ALGS,
  CLIENT_PROFILES,
  GRANT_TYPES,
  TOKEN_ENDPOINT_AUTH_METHODS,
  type AccessTokenFormat,
  type AccessTokenSigningAlg,
  type ClientProfile,
  type GrantType,
  type Jwks,
  type TokenEndpointAuthMethod,
} from '#oauth-protocol';
import { LastAuthorizationDto } from './last-authorization.dto.js';

/** An API application, as every answer shows it. */
export class ClientDto {
  @ApiProperty({
    description: 'Its public identifier (RFC 6749 §2.2).',
    example: '5f0c6d0d2a8c4a6f9d1be2a7c3b4d5e6',
  })
  client_id: string;

  @ApiProperty({ description: 'What people call it; unique within the customer.', example: 'SIEM connector' })
  name: string;

  @ApiProperty({ description: 'For whoever looks after it.', example: 'Owned by the SOC, ticket 4711.' })
  notes: string;

  @ApiProperty({ description: 'The customer (tenant) that it belongs to.', example: '10001' })
  customer_id: string;

  @ApiProperty({
    description: 'Whether it may act. An inactive client’s tokens are suspended.',
    example: true,
  })
  active: boolean;

  @ApiProperty({
    description: 'What its tokens may do at most.',
    type: [String],
    example: ['devices:read', 'sessions:read'],
  })
  scopes: string[];

  @ApiProperty({
    description: 'How it may get tokens.',
    enum: GRANT_TYPES,
    isArray: true,
    example: ['client_credentials'],
  })
  grant_types: GrantType[];

  @ApiProperty({
    description: 'How it authenticates; Basic and body are taken from either, the others are exact.',
    enum: TOKEN_ENDPOINT_AUTH_METHODS,
    example: 'client_secret_basic',
  })
  token_endpoint_auth_method: TokenEndpointAuthMethod;

  @ApiProperty({
    description: 'Where a person may be sent back to; compared exactly.',
    type: [String],
    example: ['https://app.example.com/callback'],
  })
  redirect_uris: string[];

  @ApiProperty({ description: 'Whether the code flow needs PKCE.', example: true })
  require_pkce: boolean;

  @ApiProperty({ description: 'Whether its authorization requests must be pushed.', example: false })
  require_par: boolean;

  @ApiProperty({ description: 'Whether all its tokens are bound to a key (DPoP).', example: false })
  dpop_bound_access_tokens: boolean;

  @ApiProperty({
    description: 'Whom it may ask tokens for, beside Postern itself.',
    type: [String],
    example: ['https://reports.example.com'],
  })
  resources: string[];

  @ApiProperty({
    description: 'What it is held to as a whole.',
    enum: CLIENT_PROFILES,
    type: String,
    nullable: true,
    example: null,
  })
  profile: ClientProfile | null;

  @ApiProperty({
    description: 'The form of its access tokens.',
    enum: ACCESS_TOKEN_FORMATS,
    example: 'opaque',
  })
  access_token_format: AccessTokenFormat;

  @ApiProperty({
    description: 'How its JWTs are signed; nothing to opaque tokens.',
    enum: ACCESS_TOKEN_SIGNING_ALGS,
    example: 'ES256',
  })
  access_token_signing_alg: AccessTokenSigningAlg;

  @ApiProperty({ type: 'integer', description: 'Seconds that its access tokens live.', example: 3600 })
  access_token_ttl: number;

  @ApiProperty({
    type: 'integer',
    description: 'Seconds that its refresh tokens live after each use.',
    example: 2592000,
  })
  refresh_token_ttl: number;

  @ApiProperty({
    description: 'Where its introspection calls come from.',
    type: String,
    nullable: true,
    example: 'https://gateway.example.com/api',
  })
  public_base_uri: string | null;

  @ApiProperty({
    description: 'Addresses it may act from; empty: any.',
    type: [String],
    example: ['10.20.0.0/16'],
  })
  allowed_cidrs: string[];

  @ApiProperty({
    description: 'Its public keys (RFC 7517).',
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: null,
  })
  jwks: Jwks | null;

  @ApiProperty({
    description: 'Before this it may not act.',
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
  })
  valid_from: Date | null;

  @ApiProperty({
    description: 'From this on it may not act.',
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2027-12-31T23:59:59.000Z',
  })
  valid_until: Date | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it was registered.',
    example: '2026-11-21T09:00:00.000Z',
  })
  created_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it was changed last.',
    example: '2026-11-21T09:00:00.000Z',
  })
  updated_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it authenticated last; up to two seconds late.',
    example: null,
  })
  last_used_at: Date | null;

  @ApiProperty({ type: LastAuthorizationDto })
  last_authorization: LastAuthorizationDto;
}

/** A client among others. */
export class ListedClientDto extends ClientDto {
  @ApiPropertyOptional({
    type: 'integer',
    maximum: 1000,
    description:
      'How many of its access tokens are active; 1000 for that many or more. Only with `include=live_tokens`, which needs `tokens:read` too.',
    example: 3,
  })
  live_tokens?: number;
}

/** A client that was just registered; the one time its secret is shown. */
export class RegisteredClientDto extends ClientDto {
  @ApiPropertyOptional({
    description:
      'Its secret, shown this once. Absent for a client without one (`token_endpoint_auth_method` of `none` or `private_key_jwt`).',
    example: 'psc_D0c5ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4a6pQ0Wx1Y',
  })
  client_secret?: string;
}
