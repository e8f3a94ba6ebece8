import { ApiProperty } from '@nestjs/swagger';
import { USAGE_STEPS, type UsageStep } from './usage-range.js';

/** What a client did in one hour or day. */
export class UsageItemDto {
  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When the hour or day begins, in UTC.',
    example: '2026-11-21T09:00:00.000Z',
  })
  at: Date;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    description: 'Calls in which it proved who it is, by its credentials or by a token.',
    example: 1204,
  })
  requests: number;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    description:
      'Calls in its name that were refused: expired or revoked tokens, wrong secrets, addresses or scopes that it may not use. One that lacked a scope is among the requests, too.',
    example: 3,
  })
  refusals: number;
}

/** How much a client was used. */
export class ClientUsageDto {
  @ApiProperty({ description: 'Whose use it is.', example: '5f0c6d0d2a8c4a6f9d1be2a7c3b4d5e6' })
  client_id: string;

  @ApiProperty({ enum: USAGE_STEPS, description: 'What one item is about.', example: 'hour' })
  per: UsageStep;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When the first item begins.',
    example: '2026-11-21T09:00:00.000Z',
  })
  from: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When the last item ends.',
    example: '2026-11-22T09:00:00.000Z',
  })
  to: Date;

  @ApiProperty({ type: [UsageItemDto], description: 'The oldest first, and none left out.' })
  items: UsageItemDto[];
}
