import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsEmail, IsIn, IsString, Length, Matches, MaxLength } from 'class-validator';
import { Nullable, Omittable } from '#http-api';
import { MAX_PASSWORD, MIN_PASSWORD, ROLES, USERNAME, type Role } from '#oauth-protocol';

const ROLE = {
  enum: ROLES,
  description:
    'What he may do: `user` signs in and consents; `auditor` reads; `admin` also manages clients, tokens and scopes; `owner` may do everything.',
  example: 'admin',
};
const PASSWORD = {
  description: 'Length is what counts; there is no rule of composition. It is never shown.',
  minLength: MIN_PASSWORD,
  maxLength: MAX_PASSWORD,
  writeOnly: true,
  example: 'seven quiet gates at noon',
};
const EMAIL = {
  type: String,
  nullable: true,
  description: 'Where he is reached.',
  example: 'ada@example.com',
};

/** A new person. */
export class CreateOperatorDto {
  @ApiProperty({
    description: 'What he signs in with; unique over all customers, without case, and cannot be changed.',
    pattern: USERNAME.source,
    example: 'ada',
  })
  @Matches(USERNAME, { message: 'must be 1 to 64 of the characters A-Z a-z 0-9 . _ @ + -' })
  username: string;

  @ApiProperty(PASSWORD)
  @IsString()
  @Length(MIN_PASSWORD, MAX_PASSWORD, { message: `must be ${MIN_PASSWORD} to ${MAX_PASSWORD} characters` })
  password: string;

  @ApiProperty(ROLE)
  @IsIn(ROLES)
  role: Role;

  @ApiPropertyOptional(EMAIL)
  @Nullable()
  @IsEmail({}, { message: 'must be an email address' })
  @MaxLength(254)
  email?: string | null;

  @ApiPropertyOptional({ description: 'Whether he may sign in.', default: true })
  @Omittable()
  @IsBoolean()
  active?: boolean;

  @ApiPropertyOptional({
    description: 'Another customer’s person, for callers with customers:write; default: the caller’s.',
    example: '10001',
  })
  @Omittable()
  @IsString()
  @MaxLength(64)
  customer_id?: string;
}

/** A change. Only what is sent is changed. */
export class UpdateOperatorDto {
  @ApiPropertyOptional(PASSWORD)
  @Omittable()
  @IsString()
  @Length(MIN_PASSWORD, MAX_PASSWORD, { message: `must be ${MIN_PASSWORD} to ${MAX_PASSWORD} characters` })
  password?: string;

  @ApiPropertyOptional(ROLE)
  @Omittable()
  @IsIn(ROLES)
  role?: Role;

  @ApiPropertyOptional(EMAIL)
  @Nullable()
  @IsEmail({}, { message: 'must be an email address' })
  @MaxLength(254)
  email?: string | null;

  @ApiPropertyOptional({ description: 'Whether he may sign in. Deactivating ends what stems from him.' })
  @Omittable()
  @IsBoolean()
  active?: boolean;
}

/** A person, as every answer shows him: without his password. */
export class OperatorDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Names him for good.',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  id: string;

  @ApiProperty({ description: 'What he signs in with.', example: 'ada' })
  username: string;

  @ApiProperty(EMAIL)
  email: string | null;

  @ApiProperty(ROLE)
  role: Role;

  @ApiProperty({ description: 'Whether he may sign in.', example: true })
  active: boolean;

  @ApiProperty({ description: 'Whether he has a second factor; does not change the ETag.', example: true })
  second_factor: boolean;

  @ApiProperty({ description: 'The customer (tenant) that he belongs to.', example: '10001' })
  customer_id: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When he was added.',
    example: '2026-11-21T09:00:00.000Z',
  })
  created_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When he was changed last.',
    example: '2026-11-21T09:00:00.000Z',
  })
  updated_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When he signed in last; does not change the ETag.',
    example: null,
  })
  last_signed_in_at: Date | null;
}
