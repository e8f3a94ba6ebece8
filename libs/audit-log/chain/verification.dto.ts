import { ApiProperty } from '@nestjs/swagger';
import { FAULT_KINDS, type FaultKind } from './chain-fault.js';

export class ChainFaultDto {
  @ApiProperty({
    description:
      '`altered`: an event is not what was recorded. `missing`: events are gone. `newest_removed`: the last ones are. `relinked`: ' +
      'one stands where it was not recorded. `inserted`, `unchained`: one was put there past Postern. `rewritten`: a chain was ' +
      'written anew. `checkpoint`: a checkpoint is not Postern’s.',
    enum: FAULT_KINDS,
    example: 'missing',
  })
  kind: FaultKind;

  @ApiProperty({
    description: 'What is wrong, and where; null for a caller without `customers:read`.',
    type: String,
    nullable: true,
    example:
      'Event 4711 of writer 6d2f8c1e-3b4a-4c5d-8e9f-0a1b2c3d4e5f is missing, before 019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f.',
  })
  message: string | null;

  @ApiProperty({
    description: 'The chain that it is in; null for a caller without `customers:read`.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: '6d2f8c1e-3b4a-4c5d-8e9f-0a1b2c3d4e5f',
  })
  writer: string | null;

  @ApiProperty({
    description: 'Its place there; null for a caller without `customers:read`.',
    type: 'integer',
    format: 'int64',
    nullable: true,
    example: 4711,
  })
  sequence: number | null;

  @ApiProperty({
    description:
      'The event that it was seen at, which may be the one after it; null where there is none, and for a caller without `customers:read`.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  event: string | null;
}

export class CheckpointDto {
  @ApiProperty({ description: 'Counts up from 1.', type: 'integer', format: 'int64', example: 1234 })
  number: number;

  @ApiProperty({
    description: 'When it was taken.',
    format: 'date-time',
    example: '2026-01-31T12:02:00.000Z',
  })
  at: Date;

  @ApiProperty({
    description: 'The key that signed it, as the JWKS names it.',
    example: 'kI5VZ1m3yZJ2mC0Q0d9pQm1a8C5dY1m7q3mB2l0Jx6E',
  })
  kid: string;
}

/** Whether the audit log is what was recorded. */
export class VerificationDto {
  @ApiProperty({
    description: 'Whether nothing was altered, removed, reordered or slipped in.',
    example: true,
  })
  intact: boolean;

  @ApiProperty({
    description: 'The moment for which it is said.',
    format: 'date-time',
    example: '2026-01-31T12:02:01.337Z',
  })
  verified_at: Date;

  @ApiProperty({
    description: 'Events that were looked at; null for a caller without `customers:read`.',
    type: 'integer',
    format: 'int64',
    nullable: true,
    example: 1000000,
  })
  events: number | null;

  @ApiProperty({
    description:
      'Events from before there were chains, which nothing is said of; null for a caller without `customers:read`.',
    type: 'integer',
    format: 'int64',
    nullable: true,
    example: 0,
  })
  unchained: number | null;

  @ApiProperty({ description: 'How many chains there are.', type: 'integer', example: 4 })
  writers: number;

  @ApiProperty({
    description: 'The last checkpoint; null before the first.',
    type: CheckpointDto,
    nullable: true,
  })
  checkpoint: CheckpointDto | null;

  @ApiProperty({
    description: 'The first thing that is wrong; null where nothing is.',
    type: ChainFaultDto,
    nullable: true,
  })
  fault: ChainFaultDto | null;
}
