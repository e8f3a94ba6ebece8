import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '#access-control';
import { PASSKEY_SCRIPT } from './passkey-script.js';

/** The one script of Postern's own pages (docs/decisions/0029). */
@Public()
@ApiExcludeController()
@Controller('oauth2/sign-in/passkey.js')
export class PasskeyScriptController {
  @Get()
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', 'public, max-age=86400')
  script(): string {
    return PASSKEY_SCRIPT;
  }
}
