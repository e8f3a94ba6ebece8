import { Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IntrospectionController } from '#tokens';

/** The introspection endpoint at the address that belongs to the seed `003_…`; documented as `POST /oauth2/introspect`. */
@ApiExcludeController()
@Controller('oauth/api/v2/token/introspect')
export class TokenIntrospectionController extends IntrospectionController {}
