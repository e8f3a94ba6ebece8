import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** A token to ask about (RFC 7662 §2.1) or to revoke (RFC 7009 §2.1), form-encoded. */
export class PresentedTokenDto {
  @ApiProperty({
    description: 'The access or refresh token.',
    example: 'psr_Y5i9kQ2ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4aB3cD4e',
  })
  token: string;

  @ApiPropertyOptional({
    description: 'What it is, e.g. `refresh_token`; it is found without, too.',
    example: 'refresh_token',
  })
  token_type_hint?: string;

  @ApiPropertyOptional({ description: 'The client’s id, where it does not authenticate by Basic.' })
  client_id?: string;

  @ApiPropertyOptional({
    description: 'The client’s secret, where it does not authenticate by Basic.',
    format: 'password',
  })
  client_secret?: string;

  @ApiPropertyOptional({
    description: 'For `private_key_jwt`: `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.',
  })
  client_assertion_type?: string;

  @ApiPropertyOptional({
    description: 'For `private_key_jwt`: the JWT that the client signed.',
    format: 'password',
  })
  client_assertion?: string;
}
