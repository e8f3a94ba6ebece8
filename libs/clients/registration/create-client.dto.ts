import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { Omittable } from '#http-api';
import { CLIENT_ID, SUPPLIED_CLIENT_SECRET } from '#oauth-protocol';
import { ClientSettings } from './client-settings.dto.js';

/** A registration. Only the name is required. */
export class CreateClientDto extends ClientSettings {
  @ApiProperty({
    description: 'What people call it; unique within the customer.',
    minLength: 1,
    maxLength: 200,
    example: 'SIEM connector',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  @Matches(/\S/, { message: 'should not be blank' })
  name: string;

  @ApiPropertyOptional({
    description: 'Default: generated.',
    pattern: CLIENT_ID.source,
    example: 'siem-connector',
  })
  @Omittable()
  @Matches(CLIENT_ID, { message: 'must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -' })
  client_id?: string;

  @ApiPropertyOptional({
    description: 'Default: generated, which is safer and faster.',
    minLength: 16,
    maxLength: 256,
  })
  @Omittable()
  @Matches(SUPPLIED_CLIENT_SECRET, { message: 'must be 16 to 256 printable ASCII characters' })
  client_secret?: string;

  @ApiPropertyOptional({
    description: 'Another customer’s client, for callers with customers:write; default: the caller’s.',
    example: '10001',
  })
  @Omittable()
  @IsString()
  @MaxLength(64)
  customer_id?: string;
}
