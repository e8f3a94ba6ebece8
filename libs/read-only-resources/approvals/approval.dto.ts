import { ApiProperty } from '@nestjs/swagger';

export const APPROVAL_STATES = ['pending', 'approved', 'denied', 'expired', 'withdrawn'] as const;

/** A request for access, and what became of it. */
export class ApprovalDto {
  @ApiProperty({ description: 'The approval’s id in the PAM platform.', maxLength: 256, example: 'apr-0006' })
  id: string;

  @ApiProperty({
    description: 'What is asked for, and why.',
    maxLength: 1024,
    example: 'Restart the core switch after the update, change 4711',
  })
  request: string;

  @ApiProperty({ description: 'The user who asks, by its id.', maxLength: 256, example: 'usr-0002' })
  requester_id: string;

  @ApiProperty({
    description: 'The user who decided, by its id.',
    type: String,
    nullable: true,
    maxLength: 256,
    example: 'usr-0001',
  })
  approver_id: string | null;

  @ApiProperty({
    description: 'The device that is asked for, by its id.',
    type: String,
    nullable: true,
    maxLength: 256,
    example: 'dev-0001',
  })
  device_id: string | null;

  @ApiProperty({
    description: 'The account that is asked for, by its id.',
    type: String,
    nullable: true,
    maxLength: 256,
    example: 'acc-0001',
  })
  account_id: string | null;

  @ApiProperty({ description: 'What became of it.', enum: APPROVAL_STATES, example: 'approved' })
  state: (typeof APPROVAL_STATES)[number];

  @ApiProperty({ description: 'When it was asked for.', example: '2026-01-30T07:45:00.000Z' })
  requested_at: Date;

  @ApiProperty({
    description: 'When it was decided.',
    type: Date,
    nullable: true,
    example: '2026-01-30T07:51:30.000Z',
  })
  decided_at: Date | null;

  @ApiProperty({
    description: 'When the request, or the access that it gave, ends.',
    type: Date,
    nullable: true,
    example: '2026-01-30T12:00:00.000Z',
  })
  expires_at: Date | null;

  @ApiProperty({
    description: 'When this row last changed in Postern.',
    readOnly: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  updated_at: Date;
}
