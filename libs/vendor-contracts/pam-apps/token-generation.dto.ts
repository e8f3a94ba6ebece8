import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';

/** Client credentials in JSON, in that system's terms. */
export class TokenGenerationDto {
  @ApiProperty({ description: 'How the token is got.', example: 'client_credentials' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  grant_type: string;

  @ApiProperty({ description: 'The client’s id.', example: 'your_client_id' })
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  client_id: string;

  @ApiProperty({ description: 'The client’s secret.', format: 'password' })
  @IsString()
  @MinLength(1)
  @MaxLength(512)
  client_secret: string;

  @ApiProperty({ description: 'The client’s customer.', example: '10001' })
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  customer: string;
}

export class GeneratedTokenDto {
  @ApiProperty({
    description: 'The token: a signed JWT.',
    example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9…',
  })
  access_token: string;

  @ApiProperty({ description: 'How it is used.', example: 'Bearer' })
  token_type: 'Bearer' | 'DPoP';

  @ApiProperty({ description: 'Minutes that it lives.', type: Number, format: 'double', example: 60 })
  expires_in_minutes: number;
}
