import { ApiProperty } from '@nestjs/swagger';
import { StepRangeDto } from '#http-api';
import { AUDIT_EVENT_TYPES, type AuditEventType } from './audit-event-types.js';

const COUNT = { type: 'integer', format: 'int64' } as const;

/** How many events of which type there were in one hour or day. */
export class AuditEventCountsItemDto {
  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When the hour or day begins, in UTC.',
    example: '2026-11-21T09:00:00.000Z',
  })
  at: Date;

  @ApiProperty({
    type: 'object',
    description: 'By type; those that there were none of are left out.',
    properties: Object.fromEntries(AUDIT_EVENT_TYPES.map((type) => [type, COUNT])),
    example: { 'access_token.expired_use': 12, 'client_authentication.failed': 3 },
  })
  counts: Partial<Record<AuditEventType, number>>;
}

/** How many events of which type there were, over time. */
export class AuditEventCountsDto extends StepRangeDto {
  @ApiProperty({
    type: [AuditEventCountsItemDto],
    description: 'The oldest first, and no hour or day left out.',
  })
  items: AuditEventCountsItemDto[];
}
