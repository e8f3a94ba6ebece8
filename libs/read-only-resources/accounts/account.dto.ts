import { ApiProperty } from '@nestjs/swagger';

export const ACCOUNT_KINDS = ['local', 'domain', 'service', 'database', 'application'] as const;
export const ACCOUNT_STATES = ['managed', 'approved', 'unapproved', 'unmanaged', 'disabled', 'lost'] as const;

/** An account on a device or in a directory; never its secret. */
export class AccountDto {
  @ApiProperty({ description: 'The account’s id in the PAM platform.', maxLength: 256, example: 'acc-0012' })
  id: string;

  @ApiProperty({
    description: 'The device that it is on, by its id.',
    type: String,
    nullable: true,
    maxLength: 256,
    example: 'dev-0003',
  })
  device_id: string | null;

  @ApiProperty({
    description: 'The directory that it is in.',
    type: String,
    nullable: true,
    example: 'corp.example.com',
  })
  directory: string | null;

  @ApiProperty({ description: 'The account’s name.', example: 'netadmin' })
  username: string;

  @ApiProperty({ description: 'What sort of account it is.', enum: ACCOUNT_KINDS, example: 'local' })
  kind: (typeof ACCOUNT_KINDS)[number];

  @ApiProperty({ description: 'Whether it has administrative rights.', example: true })
  privileged: boolean;

  @ApiProperty({
    description:
      'What the PAM platform does with it: its secret is managed, it was found and waits for approval …',
    enum: ACCOUNT_STATES,
    example: 'managed',
  })
  state: (typeof ACCOUNT_STATES)[number];

  @ApiProperty({
    description: 'When its secret was last rotated.',
    type: Date,
    nullable: true,
    example: '2026-01-15T02:00:00.000Z',
  })
  secret_rotated_at: Date | null;

  @ApiProperty({
    description: 'The policy by which its secret is rotated.',
    type: String,
    nullable: true,
    example: 'Every 30 days',
  })
  rotation_policy: string | null;

  @ApiProperty({
    description: 'When this row last changed in Postern.',
    readOnly: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  updated_at: Date;
}
