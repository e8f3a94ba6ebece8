import { ApiProperty } from '@nestjs/swagger';
import { StepRangeDto } from '#http-api';

/** What was called in one hour or day. */
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
    description: 'Calls in which a client proved who it is, by its credentials or by a token.',
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

/** How much all clients together were used. */
export class UsageDto extends StepRangeDto {
  @ApiProperty({ type: [UsageItemDto], description: 'The oldest first, and none left out.' })
  items: UsageItemDto[];
}

/** How much a client was used. */
export class ClientUsageDto extends UsageDto {
  @ApiProperty({ description: 'Whose use it is.', example: '5f0c6d0d2a8c4a6f9d1be2a7c3b4d5e6' })
  client_id: string;
}
