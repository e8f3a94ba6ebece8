import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** RFC 6749 §4.1.1, RFC 7636 §4.3. */
export class AuthorizationRequestDto {
  @ApiPropertyOptional({
    description: 'What is asked for; required, unless the request was pushed.',
    enum: ['code'],
    example: 'code',
  })
  response_type?: string;

  @ApiProperty({ description: 'Who asks.', example: 'my-dashboard' })
  client_id: string;

  @ApiPropertyOptional({
    description: 'Stands for a request that was pushed (RFC 9126), once; beside it `client_id` alone counts.',
    example: 'urn:ietf:params:oauth:request_uri:Y5i9kQ2ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4aB3cD4e',
  })
  request_uri?: string;

  @ApiPropertyOptional({
    description: 'Where the answer goes: exactly as registered; may be left out where there is just one.',
    example: 'https://app.example.com/callback',
  })
  redirect_uri?: string;

  @ApiPropertyOptional({
    description: 'What for, space-separated; default: all that the client has.',
    example: 'devices:read',
  })
  scope?: string;

  @ApiPropertyOptional({ description: 'Comes back as it is, up to 8192 bytes.', example: 'af0ifjsldkj' })
  state?: string;

  @ApiPropertyOptional({
    description: 'The proof key’s challenge; required, unless the client has `require_pkce` false.',
    example: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  })
  code_challenge?: string;

  @ApiPropertyOptional({ description: 'How the challenge was made.', enum: ['S256'], example: 'S256' })
  code_challenge_method?: string;

  @ApiPropertyOptional({
    description: '`login` and `consent` ask the person anew; `none` does not ask him at all.',
    example: 'login',
  })
  prompt?: string;

  @ApiPropertyOptional({
    description:
      'Whom the tokens will be for (RFC 8707): of the client’s `resources`, or Postern’s own issuer; may come more than once. Default: Postern itself.',
    example: 'https://reports.example.com',
  })
  resource?: string;

  @ApiPropertyOptional({
    description: 'The thumbprint (RFC 7638) of the key that will redeem the code (RFC 9449 §10).',
    example: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
  })
  dpop_jkt?: string;

  @ApiPropertyOptional({ description: 'How the answer comes.', enum: ['query'], example: 'query' })
  response_mode?: string;
}
