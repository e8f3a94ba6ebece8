import { ApiProperty } from '@nestjs/swagger';
import type { Actor } from '#access-control';
import { AUDIT_EVENT_TYPES, type AuditEventType } from './audit-event-types.js';

export class AuditActorDto implements Actor {
  @ApiProperty({
    description: 'An API application, a person, Postern itself, or somebody who could not say who he is.',
    enum: ['client', 'operator', 'system', 'anonymous'],
    example: 'client',
  })
  kind: Actor['kind'];

  @ApiProperty({
    description: 'The client_id or username.',
    type: String,
    nullable: true,
    example: '3f2c9a1be07d4856a1c2d3e4f5061728',
  })
  id: string | null;
}

/** What happened, who did it, from where, and what came of it. Never a secret, a token or a password. */
export class AuditEventDto {
  @ApiProperty({
    description: 'Names the event.',
    format: 'uuid',
    example: '019aa6f5-7b1c-7d3e-9f60-5a3c2b1d0e4f',
  })
  id: string;

  @ApiProperty({ description: 'When it happened.', format: 'date-time', example: '2026-01-31T12:02:01.337Z' })
  at: Date;

  @ApiProperty({
    description: 'What happened.',
    enum: AUDIT_EVENT_TYPES,
    example: 'access_token.expired_use',
  })
  type: AuditEventType;

  @ApiProperty({
    description: '`failure` for what was refused.',
    enum: ['success', 'failure'],
    example: 'failure',
  })
  outcome: 'success' | 'failure';

  @ApiProperty({ description: 'Who did it.', type: AuditActorDto })
  actor: AuditActorDto;

  @ApiProperty({
    description: 'The client that it is about.',
    type: String,
    nullable: true,
    example: '3f2c9a1be07d4856a1c2d3e4f5061728',
  })
  client_id: string | null;

  @ApiProperty({
    description: 'The access token that it is about, by its id.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: '019aa6f3-1d5e-7a0b-8c9d-6e5f4a3b2c1d',
  })
  token_id: string | null;

  @ApiProperty({
    description: 'Whose event it is; null where no customer is known.',
    type: String,
    nullable: true,
    example: '10001',
  })
  customer_id: string | null;

  @ApiProperty({
    description: 'The address that the request came from.',
    type: String,
    nullable: true,
    example: '203.0.113.7',
  })
  ip: string | null;

  @ApiProperty({ description: 'Its `User-Agent`.', type: String, nullable: true, example: 'curl/8.5.0' })
  user_agent: string | null;

  @ApiProperty({
    description: 'The request, as its answer and the service’s log name it.',
    type: String,
    nullable: true,
    example: '019aa6f5-7b1b-7a43-8d21-0c4f5e6a7b8c',
  })
  request_id: string | null;

  @ApiProperty({ description: 'Its method.', type: String, nullable: true, example: 'GET' })
  method: string | null;

  @ApiProperty({
    description: 'Its path, without the query.',
    type: String,
    nullable: true,
    example: '/pam/v1/devices',
  })
  path: string | null;

  @ApiProperty({
    description: 'What there is to say beyond that; its fields depend on `type`.',
    type: 'object',
    additionalProperties: true,
    example: {
      message:
        'GET /pam/v1/devices was called with an access token of 3f2c9a1be07d4856a1c2d3e4f5061728 that expired at 2026-01-31T12:02:00.000Z.',
      expired_at: '2026-01-31T12:02:00.000Z',
    },
  })
  detail: object;

  @ApiProperty({
    description: 'The chain that it is in; null for an event from before there were any.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: '6d2f8c1e-3b4a-4c5d-8e9f-0a1b2c3d4e5f',
  })
  writer: string | null;

  @ApiProperty({
    description: 'Its place in that chain, from 1, without a gap.',
    type: 'integer',
    format: 'int64',
    nullable: true,
    example: 4711,
  })
  sequence: number | null;

  @ApiProperty({
    description: 'SHA-256 over `previous_hash` and this event, in hexadecimal.',
    type: String,
    nullable: true,
    example: 'b1a7f3c4ffc543bb68d635735e76db2b012ece8b87239099e0a8ce43fd58bf93',
  })
  hash: string | null;

  @ApiProperty({
    description: 'The `hash` of the event before it in its chain; 64 zeros for the first.',
    type: String,
    nullable: true,
    example: '0a6d3a9a1400fc6892332081263dfbb351a44bb877d3a64141f8412078f4b88e',
  })
  previous_hash: string | null;
}
