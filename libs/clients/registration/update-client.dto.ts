import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import { Omittable } from '#http-api';
import { ClientSettings } from './client-settings.dto.js';

/** A change. Only what is sent is changed; null clears what can be absent. */
export class UpdateClientDto extends ClientSettings {
  @ApiPropertyOptional({
    description: 'What people call it; unique within the customer.',
    minLength: 1,
    maxLength: 200,
  })
  @Omittable()
  @IsString()
  @MaxLength(200)
  @Matches(/\S/, { message: 'should not be blank' })
  name?: string;
}
