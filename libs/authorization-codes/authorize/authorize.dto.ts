import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** RFC 6749 §4.1.1, RFC 7636 §4.3. */
export class AuthorizationRequestDto {
  @ApiProperty({ description: 'What is asked for.', enum: ['code'], example: 'code' })
  response_type: string;

  @ApiProperty({ description: 'Who asks.', example: 'my-dashboard' })
  client_id: string;

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

  @ApiPropertyOptional({ description: 'How the answer comes.', enum: ['query'], example: 'query' })
  response_mode?: string;
}
