import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { SUPPLIED_CLIENT_SECRET } from '#oauth-protocol';
import { Omittable } from '#http-api';

/** One secret of a client, without the secret. */
export class ClientSecretDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Names the secret.',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  id: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it was made.',
    example: '2026-11-21T09:00:00.000Z',
  })
  created_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'From this on it is refused; null: never.',
    example: null,
  })
  expires_at: Date | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was used last; up to two seconds late.',
    example: null,
  })
  last_used_at: Date | null;
}

export class ClientSecretsDto {
  @ApiProperty({ type: [ClientSecretDto], description: 'Newest first.' })
  items: ClientSecretDto[];
}

/** How the old secrets go. */
export class RotateSecretDto {
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Seconds for which the old secrets stay good.',
    minimum: 0,
    maximum: 31_536_000,
    default: 0,
    example: 86400,
  })
  @Omittable()
  @IsInt()
  @Min(0)
  @Max(31_536_000)
  overlap?: number;

  @ApiPropertyOptional({
    description: 'Default: generated, which is safer and faster.',
    minLength: 16,
    maxLength: 256,
  })
  @Omittable()
  @Matches(SUPPLIED_CLIENT_SECRET, { message: 'must be 16 to 256 printable ASCII characters' })
  client_secret?: string;
}

/** A new secret; the one time it is shown. */
export class RotatedSecretDto extends ClientSecretDto {
  @ApiProperty({
    description: 'The secret, shown this once.',
    example: 'psc_D0c5ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4a6pQ0Wx1Y',
  })
  client_secret: string;
}

/** A secret out of the vault. */
export class RevealedSecretDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Names the secret.',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  id: string;

  @ApiProperty({
    description: 'The secret.',
    example: 'psc_D0c5ZtM1vXq8m3u7y2rB4w6n9k1j5h8g3f7d2s4a6pQ0Wx1Y',
  })
  client_secret: string;
}
