import { Controller, Get, Header } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { Public } from '#access-control';
import { ApiETag, Tagged } from '#http-api';
import { JwksDto } from './jwks.dto.js';
import { JWKS_MAX_AGE } from './key-schedule.js';
import { SigningKeys } from './signing-keys.js';

/** The JWK Set, RFC 7517 §5. */
@Public()
@ApiTags('OAuth 2.0')
@Controller('oauth2/jwks')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get()
  @Header('content-type', 'application/jwk-set+json')
  @Header('cache-control', `public, max-age=${JWKS_MAX_AGE}`)
  @ApiOperation({
    operationId: 'jwks',
    security: [],
    summary: 'The keys that access tokens are signed with',
    description:
      'RFC 7517: the public keys of JWT access tokens (RFC 9068). A key is here a day before it signs, and until the last token that it signed has expired.',
  })
  @ApiExtraModels(JwksDto)
  @ApiOkResponse({
    description: 'The keys.',
    content: { 'application/jwk-set+json': { schema: { $ref: getSchemaPath(JwksDto) } } },
  })
  @ApiETag()
  async jwks(): Promise<Tagged<JwksDto>> {
    return Tagged.byContent({ keys: await this.keys.published() });
  }
}
