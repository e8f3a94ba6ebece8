import { ApiProperty } from '@nestjs/swagger';

export const SESSION_PROTOCOLS = ['ssh', 'rdp', 'vnc', 'telnet', 'http', 'https', 'sql', 'winrm'] as const;
export const SESSION_CHANNELS = ['web', 'client', 'proxy', 'api'] as const;
export const SESSION_STATES = ['ACTIVE', 'ENDED'] as const;

/** A session of a user on a device: who, from where, with which account, and how long. */
export class SessionDto {
  @ApiProperty({ description: 'The session’s id in the PAM platform.', maxLength: 256, example: 'ses-0019' })
  id: string;

  @ApiProperty({
    description: 'The user whose session it is, by its id.',
    maxLength: 256,
    example: 'usr-0002',
  })
  user_id: string;

  @ApiProperty({ description: 'The host name or IP address that the user came from.', example: '192.0.2.17' })
  source_address: string;

  @ApiProperty({ description: 'The device that it is on, by its id.', maxLength: 256, example: 'dev-0004' })
  device_id: string;

  @ApiProperty({
    description: 'The account that it uses, by its id.',
    type: String,
    nullable: true,
    maxLength: 256,
    example: 'acc-0005',
  })
  account_id: string | null;

  @ApiProperty({
    description: 'The protocol by which the device is reached.',
    enum: SESSION_PROTOCOLS,
    example: 'ssh',
  })
  protocol: (typeof SESSION_PROTOCOLS)[number];

  @ApiProperty({
    description: 'How the user reaches the PAM platform: its web pages, its client, its proxy or its API.',
    enum: SESSION_CHANNELS,
    example: 'web',
  })
  channel: (typeof SESSION_CHANNELS)[number];

  @ApiProperty({ description: 'When it began.', example: '2026-01-30T08:02:11.000Z' })
  started_at: Date;

  @ApiProperty({
    description: 'When it ended. Null while it is ACTIVE.',
    type: Date,
    nullable: true,
    example: '2026-01-30T08:40:03.000Z',
  })
  ended_at: Date | null;

  @ApiProperty({ description: 'Whether it goes on.', enum: SESSION_STATES, example: 'ENDED' })
  state: (typeof SESSION_STATES)[number];

  @ApiProperty({ description: 'Whether it was recorded.', example: true })
  recorded: boolean;

  @ApiProperty({ description: 'How many commands were recorded.', type: 'integer', minimum: 0, example: 42 })
  commands: number;

  @ApiProperty({
    description: 'When this row last changed in Postern.',
    readOnly: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  updated_at: Date;
}
