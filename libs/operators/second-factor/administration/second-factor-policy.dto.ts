import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsIn } from 'class-validator';
import { Distinct } from '#http-api';
import { ROLES, type Role } from '#oauth-protocol';

/** Who must have a second factor. */
export class SecondFactorPolicyDto {
  @ApiProperty({
    enum: ROLES,
    isArray: true,
    description: 'The roles that require a second factor, of every customer’s people.',
    example: ['admin', 'owner'],
  })
  @IsArray()
  @Distinct()
  @IsIn(ROLES, { each: true })
  required_roles: Role[];
}
