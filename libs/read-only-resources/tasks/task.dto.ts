import { ApiProperty } from '@nestjs/swagger';

export const TASK_RESULTS = ['succeeded', 'failed', 'cancelled'] as const;

/** What a tool does on devices, once or again and again. */
export class TaskDto {
  @ApiProperty({ description: 'The task’s id in the PAM platform.', maxLength: 256, example: 'tsk-0004' })
  id: string;

  @ApiProperty({ description: 'The task’s name.', example: 'Back up switch configurations' })
  name: string;

  @ApiProperty({ description: 'The tool that does it.', example: 'ansible' })
  tool: string;

  @ApiProperty({
    description: 'The devices that it is done on, by their ids.',
    type: [String],
    maxLength: 256,
    maxItems: 10_000,
    example: ['dev-0001', 'dev-0002'],
  })
  device_ids: string[];

  @ApiProperty({
    description: 'When it runs, as a cron expression or in words. Null for a task that is started by hand.',
    type: String,
    nullable: true,
    example: '0 3 * * *',
  })
  schedule: string | null;

  @ApiProperty({ description: 'Whether it may run.', example: true })
  enabled: boolean;

  @ApiProperty({
    description: 'When it last ran.',
    type: Date,
    nullable: true,
    example: '2026-01-31T03:00:00.000Z',
  })
  last_run_at: Date | null;

  @ApiProperty({
    description: 'How its last run ended.',
    enum: [...TASK_RESULTS, null],
    nullable: true,
    example: 'succeeded',
  })
  last_result: (typeof TASK_RESULTS)[number] | null;

  @ApiProperty({
    description: 'When this row last changed in Postern.',
    readOnly: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  updated_at: Date;
}
