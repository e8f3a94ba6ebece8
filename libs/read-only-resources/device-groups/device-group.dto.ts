import { ApiProperty } from '@nestjs/swagger';

/** A group of devices, to give access to many at once. */
export class DeviceGroupDto {
  @ApiProperty({ description: 'The group’s id in the PAM platform.', maxLength: 256, example: 'dgr-0001' })
  id: string;

  @ApiProperty({ description: 'The group’s name.', example: 'Frankfurt' })
  name: string;

  @ApiProperty({
    description: 'What is in the group.',
    type: String,
    nullable: true,
    maxLength: 1024,
    example: 'Everything in the data centre in Frankfurt',
  })
  description: string | null;

  @ApiProperty({
    description: 'When this row last changed in Postern.',
    readOnly: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  updated_at: Date;
}
