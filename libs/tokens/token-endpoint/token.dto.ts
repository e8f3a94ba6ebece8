import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { GRANT_TYPES, OAUTH_ERRORS } from '#oauth-protocol';
import { TOKEN_TYPES, type TokenType } from './token-type.js';

/** RFC 6749 §4.1.3, §4.4.2 and §6, form-encoded. */
export class TokenRequestDto {
  @ApiProperty({ description: 'How the token is got.', enum: GRANT_TYPES, example: 'client_credentials' })
  grant_type: string;

  @ApiPropertyOptional({
    description:
      'Fewer scopes than the client or the refresh token has, space-separated; default: all of them. Nothing to a code, which has its own.',
    example: 'devices:read',
  })
  scope?: string;

  @ApiPropertyOptional({ description: 'For `authorization_code`: the code.' })
  code?: string;

  @ApiPropertyOptional({
    description: 'For `authorization_code`: the redirect URI, where the authorization request named it.',
    example: 'https://app.example.com/callback',
  })
  redirect_uri?: string;

  @ApiPropertyOptional({
    description: 'For `authorization_code`: what the code challenge was made of (RFC 7636).',
  })
  code_verifier?: string;

  @ApiPropertyOptional({ description: 'For `refresh_token`: the refresh token.', format: 'password' })
  refresh_token?: string;

  @ApiPropertyOptional({ description: 'The client’s id, where it does not authenticate by Basic.' })
  client_id?: string;

  @ApiPropertyOptional({
    description: 'The client’s secret, where it does not authenticate by Basic.',
    format: 'password',
  })
  client_secret?: string;

  @ApiPropertyOptional({
    description:
      'Whom the token is for (RFC 8707), one of the client’s `resources` or Postern’s own issuer; may come more than once. Default: Postern itself, or what a person gave the code for.',
    example: 'https://reports.example.com',
  })
  resource?: string;

  @ApiPropertyOptional({
    description: 'For `private_key_jwt`: `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.',
  })
  client_assertion_type?: string;

  @ApiPropertyOptional({
    description:
      'For `private_key_jwt` (RFC 7523): a JWT that the client signed, of `iss`, `sub`, `aud` (the issuer alone), `exp` and `jti`; good once.',
    format: 'password',
  })
  client_assertion?: string;

  @ApiPropertyOptional({ description: 'Where sent, must be the client’s customer.', example: '10001' })
  customer?: string;
}

/** RFC 6749 §5.1. */
export class TokenResponseDto {
  @ApiProperty({
    description: 'The token, shown this once.',
    example: 'pst_Y5i9kQ2ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4aB3cD4e',
  })
  access_token: string;

  @ApiProperty({
    description:
      'How it is used: `DPoP` for one that is bound to the key of a proof (RFC 9449), else `Bearer`.',
    enum: TOKEN_TYPES,
    example: 'Bearer',
  })
  token_type: TokenType;

  @ApiProperty({ type: 'integer', description: 'Seconds that it lives.', example: 3600 })
  expires_in: number;

  @ApiProperty({ description: 'What it may do, space-separated.', example: 'devices:read users:read' })
  scope: string;

  @ApiPropertyOptional({
    description:
      'Gets the next one; good once. There is one where a person signed in and the client may refresh.',
    example: 'psr_Y5i9kQ2ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4aB3cD4e',
  })
  refresh_token?: string;
}

/** RFC 6749 §5.2. */
export class OAuthErrorDto {
  @ApiProperty({
    description: 'The error’s code.',
    enum: Object.keys(OAUTH_ERRORS),
    example: 'invalid_client',
  })
  error: string;

  @ApiPropertyOptional({ description: 'The error in words.', example: 'Client authentication failed.' })
  error_description?: string;
}
