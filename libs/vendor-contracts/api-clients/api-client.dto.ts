import { ApiProperty, ApiPropertyOptional, IntersectionType, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, ValidateIf } from 'class-validator';
import { CreateClientDto, RotateSecretDto, UpdateClientDto } from '#clients';

/** Undoes what a field of the base says of being left out: here it must be there. */
const Required = () => ValidateIf(() => true);

/** No base URI is written as an empty text in that system. */
const EmptyIsNone = () => Transform(({ value }) => (value === '' ? null : value));

const BASE_URI = {
  description: 'Where calls of this client to the token introspection API come from; empty: anywhere.',
  example: 'https://example.com/sth',
};

/** An API client as it is listed and read: never with its secret. */
export class ApiClientDto {
  @ApiProperty({ description: 'Client name.', example: 'API client 1' })
  name: string;

  @ApiProperty({
    description: 'Unique identifier.',
    example: '365DADBA53849C3B67E7E3B736AA8C0701A98D6DC68047CD2AA10094DDFD835B',
  })
  client_id: string;

  @ApiProperty({ description: 'API scopes.', type: [String], example: ['onegini_api_end_user'] })
  scopes: string[];

  @ApiProperty({ ...BASE_URI, example: '' })
  public_base_uri: string;
}

export class ApiClientListDto {
  @ApiProperty({ type: [ApiClientDto], description: 'Up to 100 of them.' })
  result: ApiClientDto[];
}

/** A registration in that system's terms: all but the base URI is required. */
export class CreateApiClientDto extends PickType(CreateClientDto, [
  'name',
  'client_id',
  'client_secret',
  'scopes',
  'public_base_uri',
]) {
  @ApiProperty({
    description: 'Unique identifier.',
    example: '365DADBA53849C3B67E7E3B736AA8C0701A98D6DC68047CD2AA10094DDFD835B',
  })
  @Required()
  declare client_id: string;

  @ApiProperty({ description: 'Client secret; never returned.', format: 'password' })
  @Required()
  declare client_secret: string;

  @ApiProperty({ description: 'API scopes.', type: [String], example: ['onegini_api_end_user'] })
  @Required()
  declare scopes: string[];

  @ApiPropertyOptional(BASE_URI)
  @EmptyIsNone()
  @IsOptional()
  declare public_base_uri?: string | null;
}

/** A change: only what is sent is changed. */
export class UpdateApiClientDto extends IntersectionType(
  PickType(UpdateClientDto, ['name', 'scopes', 'public_base_uri']),
  PickType(RotateSecretDto, ['client_secret']),
) {
  @ApiPropertyOptional(BASE_URI)
  @EmptyIsNone()
  @IsOptional()
  declare public_base_uri?: string | null;
}
