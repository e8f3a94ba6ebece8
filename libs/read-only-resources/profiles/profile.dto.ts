import { ApiProperty } from '@nestjs/swagger';

/** Which users reach which devices, accounts, tools and tasks. */
export class ProfileDto {
  @ApiProperty({ description: 'The profile’s id in the PAM platform.', maxLength: 256, example: 'prf-0003' })
  id: string;

  @ApiProperty({ description: 'The profile’s name.', example: 'Linux administration in Frankfurt' })
  name: string;

  @ApiProperty({
    description: 'What the profile is for.',
    type: String,
    nullable: true,
    maxLength: 1024,
    example: 'Reviewed every quarter',
  })
  description: string | null;

  @ApiProperty({ description: 'Whether it gives access at all.', example: true })
  enabled: boolean;

  @ApiProperty({
    description: 'When the access begins.',
    type: Date,
    nullable: true,
    example: '2026-01-01T00:00:00.000Z',
  })
  valid_from: Date | null;

  @ApiProperty({
    description: 'When the access ends.',
    type: Date,
    nullable: true,
    example: '2026-12-31T23:59:59.000Z',
  })
  valid_until: Date | null;

  @ApiProperty({
    description: 'The users who have the access, by their ids.',
    type: [String],
    maxLength: 256,
    maxItems: 10_000,
    example: ['usr-0002'],
  })
  user_ids: string[];

  @ApiProperty({
    description: 'The groups of users who have the access, by their ids.',
    type: [String],
    maxLength: 256,
    maxItems: 10_000,
    example: ['ugr-0002'],
  })
  user_group_ids: string[];

  @ApiProperty({
    description: 'The devices that can be reached, by their ids.',
    type: [String],
    maxLength: 256,
    maxItems: 10_000,
    example: ['dev-0004'],
  })
  device_ids: string[];

  @ApiProperty({
    description: 'The groups of devices that can be reached, by their ids.',
    type: [String],
    maxLength: 256,
    maxItems: 10_000,
    example: ['dgr-0001'],
  })
  device_group_ids: string[];

  @ApiProperty({
    description: 'The accounts that can be used, by their ids.',
    type: [String],
    maxLength: 256,
    maxItems: 10_000,
    example: ['acc-0005'],
  })
  account_ids: string[];

  @ApiProperty({
    description: 'The tasks that can be started, by their ids.',
    type: [String],
    maxLength: 256,
    maxItems: 10_000,
    example: ['tsk-0004'],
  })
  task_ids: string[];

  @ApiProperty({ description: 'The tools that can be used.', type: [String], example: ['PuTTY', 'WinSCP'] })
  tools: string[];

  @ApiProperty({
    description: 'When this row last changed in Postern.',
    readOnly: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  updated_at: Date;
}
