import { ApiProperty, PickType } from '@nestjs/swagger';
import { OperatorDto } from '../administration/operator.dto.js';

/** The person who is signed in, and what he may do here. */
export class SignedInPersonDto extends PickType(OperatorDto, [
  'id',
  'username',
  'email',
  'role',
  'customer_id',
  'created_at',
  'last_signed_in_at',
] as const) {
  @ApiProperty({ description: 'What his token may do.', example: ['clients:read', 'tokens:read'] })
  scopes: string[];

  @ApiProperty({
    description: 'Whether secrets and tokens made from now on can be looked at again, by owners.',
    example: false,
  })
  vault: boolean;
}
