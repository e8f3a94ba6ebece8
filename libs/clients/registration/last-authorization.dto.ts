import { ApiProperty } from '@nestjs/swagger';

/** The last run of the code flow. Code and token are masked. */
export class LastAuthorizationDto {
  @ApiProperty({
    description: 'Where the person was sent back to.',
    type: String,
    nullable: true,
    example: 'https://app.example.com/callback',
  })
  redirect_uri: string | null;

  @ApiProperty({ description: 'The code, masked.', type: String, nullable: true, example: 'pac_Zk3q…9XbA' })
  authorization_code: string | null;

  @ApiProperty({ description: 'The token, masked.', type: String, nullable: true, example: 'pst_kJ2v…0QxE' })
  access_token: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the code was made.',
    example: '2026-11-21T09:30:00.000Z',
  })
  code_created_at: Date | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The same in Unix seconds.',
    example: 1795253400,
  })
  code_created_at_unix: number | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the token was made.',
    example: '2026-11-21T09:30:02.000Z',
  })
  token_created_at: Date | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The same in Unix seconds.',
    example: 1795253402,
  })
  token_created_at_unix: number | null;

  @ApiProperty({ description: 'Who signed in.', type: String, nullable: true, example: 'ada' })
  passthru_user: string | null;
}
