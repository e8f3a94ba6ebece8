import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** A user to create, in that system's terms. */
export class PamUserDto {
  @ApiProperty({ description: 'The name to sign in with.', maxLength: 256, example: 'newuser' })
  @IsString()
  @MaxLength(256)
  @Matches(/\S/, { message: 'should not be blank' })
  username: string;

  @ApiPropertyOptional({ description: 'The mail address.', example: 'user@example.com' })
  @IsOptional()
  @IsEmail()
  email?: string;

  @ApiPropertyOptional({ description: 'The first name.', maxLength: 256, example: 'John' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  first_name?: string;

  @ApiPropertyOptional({ description: 'The last name.', maxLength: 256, example: 'Doe' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  last_name?: string;
}
