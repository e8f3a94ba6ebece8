import { ApiProperty } from '@nestjs/swagger';

/** A group of users, to give access to many at once. */
export class UserGroupDto {
  @ApiProperty({ description: 'The group’s id in the PAM platform.', maxLength: 256, example: 'ugr-0002' })
  id: string;

  @ApiProperty({ description: 'The group’s name.', example: 'Linux administrators' })
  name: string;

  @ApiProperty({
    description: 'What the group is for.',
    type: String,
    nullable: true,
    maxLength: 1024,
    example: 'Look after every Linux server',
  })
  description: string | null;

  @ApiProperty({
    description: 'When this row last changed in Postern.',
    readOnly: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  updated_at: Date;
}
