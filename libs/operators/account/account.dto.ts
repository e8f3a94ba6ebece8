import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { MAX_PASSWORD, MIN_PASSWORD } from '#oauth-protocol';
import { OperatorDto } from '../administration/operator.dto.js';

/** The person who is signed in, and what he may do here. */
export class SignedInPersonDto extends PickType(OperatorDto, [
  'id',
  'username',
  'email',
  'role',
  'customer_id',
  'created_at',
  'last_signed_in_at',
] as const) {
  @ApiProperty({ description: 'What his token may do.', example: ['clients:read', 'tokens:read'] })
  scopes: string[];

  @ApiProperty({
    description: 'Whether secrets and tokens made from now on can be looked at again, by owners.',
    example: false,
  })
  vault: boolean;
}

/** A person's new password, and the proof that it is he who wants it. */
export class ChangePasswordDto {
  @ApiProperty({
    description: 'The one that he has now. Wrong ones count as failed sign-ins.',
    minLength: 1,
    maxLength: MAX_PASSWORD,
    writeOnly: true,
    example: 'seven quiet gates at noon',
  })
  @IsString()
  @Length(1, MAX_PASSWORD, { message: `must be 1 to ${MAX_PASSWORD} characters` })
  current_password: string;

  @ApiProperty({
    description: 'Another one. Length is what counts; there is no rule of composition.',
    minLength: MIN_PASSWORD,
    maxLength: MAX_PASSWORD,
    writeOnly: true,
    example: 'eight loud gates at dusk',
  })
  @IsString()
  @Length(MIN_PASSWORD, MAX_PASSWORD, { message: `must be ${MIN_PASSWORD} to ${MAX_PASSWORD} characters` })
  new_password: string;
}

/** A browser in which the person is signed in. */
export class BrowserSessionDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Names the session; it opens nothing.',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  id: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When he showed his password there.',
    example: '2026-11-21T08:12:03.511Z',
  })
  signed_in_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When a page of Postern was last opened there, to the minute.',
    example: '2026-11-21T09:01:44.020Z',
  })
  last_seen_at: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description:
      'When it ends: 12 hours after sign-in, or an hour after it was last seen, whichever is sooner.',
    example: '2026-11-21T10:01:44.020Z',
  })
  expires_at: Date;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The address that he signed in from.',
    example: '192.0.2.10',
  })
  ip: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the browser calls itself.',
    example: 'Mozilla/5.0 (X11; Linux x86_64) …',
  })
  user_agent: string | null;

  @ApiProperty({ description: 'Whether it is the browser that asks, by its cookie.', example: true })
  current: boolean;
}

/** Where the person is signed in. */
export class BrowserSessionsDto {
  @ApiProperty({ type: [BrowserSessionDto], description: 'The latest sign-in first.' })
  items: BrowserSessionDto[];
}
