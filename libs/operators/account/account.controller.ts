import { Controller, Delete, Get, HttpCode, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPerson, RequirePerson, type PersonCaller } from '#access-control';
import { Configuration } from '#configuration';
import { OperatorStore } from '../administration/operator-store.js';
import { presentOperator } from '../administration/operator.presenter.js';
import { Sessions } from '../sign-in/sessions.js';
import { SignedInPersonDto } from './account.dto.js';

/** What a person does about himself: in the console and Swagger UI, whatever his role. */
@ApiTags('My account')
@Controller('api/v1/account')
export class AccountController {
  constructor(
    private readonly store: OperatorStore,
    private readonly sessions: Sessions,
    private readonly configuration: Configuration,
  ) {}

  @Get()
  @RequirePerson()
  @ApiOperation({
    operationId: 'readOwnAccount',
    summary: 'Who is signed in',
    description: 'And what his token may do. Only for tokens of the console and Swagger UI.',
  })
  @ApiOkResponse({ type: SignedInPersonDto, description: 'The person.' })
  async read(@CurrentPerson() person: PersonCaller): Promise<SignedInPersonDto> {
    const { active: _, updated_at: __, ...shown } = presentOperator(await this.store.self(person));
    return { ...shown, scopes: [...person.permissions.scopes], vault: this.configuration.vault };
  }

  @Delete('sessions/current')
  @RequirePerson()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'signOut',
    summary: 'Sign out of this browser',
    description: 'Ends the session that the browser’s cookie names, where it sends one. Tokens live on.',
  })
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.close(request, reply);
  }
}
