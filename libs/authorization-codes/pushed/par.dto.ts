import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { AuthorizationRequestDto } from '../authorize/authorize.dto.js';

/** RFC 9126 §2.1: an authorization request, and what the client authenticates by. */
export class PushedAuthorizationRequestDto extends OmitType(AuthorizationRequestDto, [
  'client_id',
  'request_uri',
]) {
  @ApiPropertyOptional({ description: 'The client’s id, where nothing else says it.' })
  client_id?: string;

  @ApiPropertyOptional({
    description: 'The client’s secret, where it has one and uses no Basic.',
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

/** RFC 9126 §2.2. */
export class PushedAuthorizationResponseDto {
  @ApiProperty({
    description: 'Stands for the request at `GET /oauth2/authorize`, once.',
    example: 'urn:ietf:params:oauth:request_uri:Y5i9kQ2ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4aB3cD4e',
  })
  request_uri: string;

  @ApiProperty({ type: 'integer', description: 'Seconds in which a browser must come with it.', example: 90 })
  expires_in: number;
}
