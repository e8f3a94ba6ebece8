import { ApiProperty } from '@nestjs/swagger';

export const DEVICE_STATES = ['managed', 'unmanaged', 'maintenance', 'unreachable', 'retired'] as const;

/** A machine or appliance whose access the PAM platform manages. */
export class DeviceDto {
  @ApiProperty({ description: 'The device’s id in the PAM platform.', maxLength: 256, example: 'dev-0003' })
  id: string;

  @ApiProperty({ description: 'The device’s name.', example: 'fra-core-sw-01' })
  name: string;

  @ApiProperty({ description: 'Its host name or IP address.', example: '10.20.0.11' })
  address: string;

  @ApiProperty({ description: 'Its operating system or make.', example: 'Cisco IOS XE' })
  platform: string;

  @ApiProperty({
    description: 'The protocols by which it is reached.',
    type: [String],
    maxLength: 32,
    example: ['ssh', 'https'],
  })
  protocols: string[];

  @ApiProperty({
    description: 'The TCP ports by which it is reached.',
    type: 'array',
    items: { type: 'integer', minimum: 1, maximum: 65_535 },
    example: [22, 443],
  })
  ports: number[];

  @ApiProperty({
    description: 'The network zone it stands in.',
    type: String,
    nullable: true,
    example: 'dmz',
  })
  zone: string | null;

  @ApiProperty({
    description: 'The device groups that it is in, by their ids.',
    type: [String],
    maxLength: 256,
    example: ['dgr-0001', 'dgr-0003'],
  })
  group_ids: string[];

  @ApiProperty({
    description: 'What the PAM platform does with it.',
    enum: DEVICE_STATES,
    example: 'managed',
  })
  state: (typeof DEVICE_STATES)[number];

  @ApiProperty({
    description: 'When the PAM platform last reached it.',
    type: Date,
    nullable: true,
    example: '2026-01-31T11:45:00.000Z',
  })
  last_seen_at: Date | null;

  @ApiProperty({
    description: 'When this row last changed in Postern.',
    readOnly: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  updated_at: Date;
}
