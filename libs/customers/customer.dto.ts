import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import { CUSTOMER_ID } from '#oauth-protocol';

/** A change. The id stays what it is. */
export class UpdateCustomerDto {
  @ApiProperty({
    description: 'What people call it.',
    minLength: 1,
    maxLength: 200,
    example: 'Example Corporation',
  })
  @IsString()
  @MaxLength(200)
  @Matches(/\S/, { message: 'should not be blank' })
  name: string;
}

export class CreateCustomerDto extends UpdateCustomerDto {
  @ApiProperty({
    description: 'Names it in everything that belongs to it; cannot be changed.',
    pattern: CUSTOMER_ID.source,
    example: '20002',
  })
  @Matches(CUSTOMER_ID, { message: 'must be 1 to 64 of the characters A-Z a-z 0-9 . _ -, but not . or ..' })
  customer_id: string;
}

export class CustomerDto extends CreateCustomerDto {
  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it was added.',
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
}

export class DefaultClientDto {
  @ApiProperty({ description: 'What people call it.', example: 'Default Client Credential' })
  name: string;

  @ApiProperty({ description: 'What it presents itself as.', example: '3f2c6e0d9b7a4f1e8c5d2b6a9e0f1c3d' })
  client_id: string;

  @ApiProperty({
    description: 'Shown in this answer and never again.',
    example: 'psc_D0c5ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4a6pQ0Wx1Y',
  })
  client_secret: string;
}

export class CreatedCustomerDto extends CustomerDto {
  @ApiProperty({
    type: [DefaultClientDto],
    description: 'The clients that it begins with: one for its administrator, one for its services.',
  })
  default_clients: DefaultClientDto[];
}
