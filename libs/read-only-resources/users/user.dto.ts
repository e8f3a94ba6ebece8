import { ApiProperty } from '@nestjs/swagger';

export const USER_ROLES = ['owner', 'admin', 'auditor', 'user'] as const;
export const AUTHENTICATION_METHODS = ['local', 'ldap', 'radius', 'saml', 'oidc', 'certificate'] as const;

/** A person that the PAM platform knows. */
export class UserDto {
  @ApiProperty({ description: 'The user’s id in the PAM platform.', maxLength: 256, example: 'usr-0007' })
  id: string;

  @ApiProperty({ description: 'The name to sign in with.', example: 'a.fernandez' })
  username: string;

  @ApiProperty({ description: 'The first name.', type: String, nullable: true, example: 'Ana' })
  first_name: string | null;

  @ApiProperty({ description: 'The last name.', type: String, nullable: true, example: 'Fernández' })
  last_name: string | null;

  @ApiProperty({
    description: 'The mail address.',
    type: String,
    nullable: true,
    example: 'ana.fernandez@example.com',
  })
  email: string | null;

  @ApiProperty({ description: 'What the user is in the PAM platform.', enum: USER_ROLES, example: 'admin' })
  role: (typeof USER_ROLES)[number];

  @ApiProperty({
    description: 'How the user proves who he is.',
    enum: AUTHENTICATION_METHODS,
    example: 'ldap',
  })
  authentication_method: (typeof AUTHENTICATION_METHODS)[number];

  @ApiProperty({ description: 'Whether a second factor is asked for.', example: true })
  mfa_enabled: boolean;

  @ApiProperty({
    description: 'The groups that the user is in, by their ids.',
    type: [String],
    maxLength: 256,
    example: ['ugr-0002', 'ugr-0004'],
  })
  group_ids: string[];

  @ApiProperty({ description: 'Whether the user may sign in.', example: true })
  active: boolean;

  @ApiProperty({
    description: 'When the user last signed in.',
    type: Date,
    nullable: true,
    example: '2026-01-30T07:58:12.000Z',
  })
  last_login_at: Date | null;

  @ApiProperty({
    description: 'When the user’s access ends.',
    type: Date,
    nullable: true,
    example: '2026-12-31T23:59:59.000Z',
  })
  expires_at: Date | null;

  @ApiProperty({
    description: 'When this row last changed in Postern.',
    readOnly: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  updated_at: Date;
}
