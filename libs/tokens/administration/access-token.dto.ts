import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { Distinct, TimeField } from '#http-api';
import { ACCESS_TOKEN_FORMATS, type AccessTokenFormat } from '#oauth-protocol';
import { TOKEN_GRANT_TYPES, type TokenGrantType } from '../access-token.entity.js';

export const TOKEN_STATUSES = ['active', 'expired', 'revoked'] as const;
export type TokenStatus = (typeof TOKEN_STATUSES)[number];

/** Years that a token may live, and the most seconds that they can have (two leap days). */
export const MAX_YEARS = 5;
const MAX_LIFETIME = (MAX_YEARS * 365 + 2) * 86_400;

/** An access token, without the token. */
export class AccessTokenDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Names the token.',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  id: string;

  @ApiProperty({ description: 'Whose it is.', example: '5f0c6d0d2a8c4a6f9d1be2a7c3b4d5e6' })
  client_id: string;

  @ApiProperty({ description: 'The client’s customer (tenant).', example: '10001' })
  customer_id: string;

  @ApiProperty({ description: 'Its form.', enum: ACCESS_TOKEN_FORMATS, example: 'opaque' })
  format: AccessTokenFormat;

  @ApiProperty({
    description: 'What it may do, as far as its client still may.',
    type: [String],
    example: ['devices:read'],
  })
  scopes: string[];

  @ApiProperty({
    description: 'How it came to be; `operator` for one that was handed out.',
    enum: TOKEN_GRANT_TYPES,
    example: 'operator',
  })
  grant_type: TokenGrantType;

  @ApiProperty({
    description: 'Whom it speaks for: the client itself, or `operator:` and a person’s id.',
    type: String,
    nullable: true,
    example: '5f0c6d0d2a8c4a6f9d1be2a7c3b4d5e6',
  })
  subject: string | null;

  @ApiProperty({
    description: 'What was noted when it was handed out.',
    type: String,
    nullable: true,
    example: 'For the SIEM of Contoso.',
  })
  note: string | null;

  @ApiProperty({ description: 'Who had it made; a person by his username.', example: 'admin-console' })
  issued_by: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it was made.',
    example: '2026-11-21T09:00:00.000Z',
  })
  issued_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'From this on it is refused.',
    example: '2026-11-21T10:00:00.000Z',
  })
  expires_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was used last; up to two seconds late.',
    example: '2026-11-21T09:15:00.000Z',
  })
  last_used_at: Date | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'From where it was used last.',
    example: '10.20.1.7',
  })
  last_used_ip: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was revoked.',
    example: null,
  })
  revoked_at: Date | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The thumbprint of the key that it is bound to (DPoP, RFC 9449); null for a bearer token.',
    example: null,
  })
  dpop_jkt: string | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'The resources that it is for (RFC 8707); null for Postern itself.',
    example: null,
  })
  audience: string[] | null;

  @ApiProperty({
    enum: TOKEN_STATUSES,
    description: 'What it is worth now, its client aside.',
    example: 'active',
  })
  status: TokenStatus;

  @ApiProperty({
    description: 'Its first and last characters, to recognise it by.',
    example: 'pst_Y5i9…cD4e',
  })
  hint: string;
}

/** A token that was just handed out; the one time it is shown. */
export class HandedOutTokenDto extends AccessTokenDto {
  @ApiProperty({
    description: 'The token, shown this once.',
    example: 'pst_Y5i9kQ2ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4aB3cD4e',
  })
  access_token: string;
}

/** A token out of the vault. */
export class RevealedTokenDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Names the token.',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  id: string;

  @ApiProperty({
    description: 'The token.',
    example: 'pst_Y5i9kQ2ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4aB3cD4e',
  })
  access_token: string;
}

/** A token to hand out. One of `expires_at` and `expires_in` is required. */
export class HandOutTokenDto {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'When it expires: any time up to five years ahead.',
    example: '2027-11-21T09:00:00Z',
  })
  @ValidateIf(({ expires_in }: HandOutTokenDto, value) => value !== undefined || expires_in === undefined)
  @TimeField()
  expires_at?: Date;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'The same, in seconds from now.',
    minimum: 1,
    maximum: MAX_LIFETIME,
    example: 120,
  })
  @ValidateIf((_dto, value) => value !== undefined)
  @IsInt()
  @Min(1)
  @Max(MAX_LIFETIME)
  expires_in?: number;

  @ApiPropertyOptional({
    type: [String],
    description: 'Fewer scopes than the client has; default: all of them.',
    example: ['devices:read'],
  })
  @ValidateIf((_dto, value) => value !== undefined)
  @IsArray()
  @IsString({ each: true })
  @ArrayNotEmpty()
  @ArrayMaxSize(200)
  @Distinct()
  scopes?: string[];

  @ApiPropertyOptional({
    description: 'What it is for.',
    maxLength: 500,
    example: 'For the SIEM of Contoso.',
  })
  @ValidateIf((_dto, value) => value !== undefined)
  @IsString()
  @MaxLength(500)
  note?: string;
}
