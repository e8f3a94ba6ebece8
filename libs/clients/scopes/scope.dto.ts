import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import { SCOPE_TOKEN } from '#oauth-protocol';

export class UpdateScopeDto {
  @ApiProperty({
    description: 'What it permits, in the words of a consent page.',
    maxLength: 500,
    example: 'Read the cost centre of each device.',
  })
  @IsString()
  @MaxLength(500)
  description: string;
}

export class CreateScopeDto extends UpdateScopeDto {
  @ApiProperty({
    description: 'RFC 6749 §3.3: printable ASCII without space, quote and backslash.',
    maxLength: 100,
    example: 'cost-centres:read',
  })
  @Matches(SCOPE_TOKEN, { message: 'must be printable ASCII without space, double quote and backslash' })
  @MaxLength(100)
  name: string;
}

export class ScopeDto extends CreateScopeDto {
  @ApiProperty({ description: 'Built-in scopes cannot be changed.', example: false })
  built_in: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Whose it is; null for the built-in ones.',
    example: '10001',
  })
  customer_id: string | null;

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
