import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiQuery } from '@nestjs/swagger';
import { DEFAULT_STEPS, STEPS, type Step, type StepRange } from './step-range.js';

const TIME = { type: 'string', format: 'date-time' } as const;

/** Documents the parameters that `stepRange` reads. */
export function ApiStepRange(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'per',
      required: false,
      description: 'What one item is about.',
      schema: { type: 'string', enum: [...STEPS], default: 'hour' },
    }),
    ApiQuery({
      name: 'from',
      required: false,
      description: `The first item holds this; by default it is the ${DEFAULT_STEPS.hour}th hour, or the ${DEFAULT_STEPS.day}th day, before \`to\`.`,
      schema: TIME,
    }),
    ApiQuery({
      name: 'to',
      required: false,
      description: 'The last item ends with this, or holds it; by default it is now.',
      schema: TIME,
    }),
  );
}

/** The range that an answer covers. */
export class StepRangeDto implements StepRange {
  @ApiProperty({ enum: STEPS, description: 'What one item is about.', example: 'hour' })
  per: Step;

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
}
