import { ApiProperty } from '@nestjs/swagger';

/** What somebody has for a second factor, as an administrator sees it. */
export class FactorStandingDto {
  @ApiProperty({ description: 'Whether he has a second factor.', example: true })
  enrolled: boolean;

  @ApiProperty({ description: 'Whether his role requires one.', example: false })
  required: boolean;

  @ApiProperty({ type: 'integer', description: 'How many passkeys he has.', example: 2 })
  passkeys: number;

  @ApiProperty({ description: 'Whether he has an app that shows codes.', example: false })
  totp: boolean;

  @ApiProperty({ type: 'integer', description: 'Recovery codes that he has not used.', example: 9 })
  recovery_codes_left: number;
}
