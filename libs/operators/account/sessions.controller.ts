import { Controller, Delete, Get, HttpCode, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPerson, RequirePerson, type PersonCaller } from '#access-control';
import { ApiProblems, UuidParam } from '#http-api';
import { Sessions } from '../sign-in/sessions.js';
import { BrowserSessionsDto } from './account.dto.js';
import { OwnAccount } from './own-account.js';
import { presentSession } from './session.presenter.js';

/** Where a person is signed in, and how he ends that. */
@ApiTags('My account')
@Controller('api/v1/account/sessions')
export class SessionsController {
  constructor(
    private readonly own: OwnAccount,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  @RequirePerson()
  @ApiOperation({
    operationId: 'listOwnSessions',
    summary: 'Where one is signed in',
    description: 'The browsers, the latest sign-in first.',
  })
  @ApiOkResponse({ type: BrowserSessionsDto, description: 'The sessions that are not over.' })
  async list(
    @CurrentPerson() { operator }: PersonCaller,
    @Req() request: FastifyRequest,
  ): Promise<BrowserSessionsDto> {
    return { items: (await this.sessions.listOf(operator.id, request)).map(presentSession) };
  }

  @Delete()
  @RequirePerson()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'signOutEverywhere',
    summary: 'Sign out everywhere',
    description:
      'Ends all sessions, and all tokens of the console and Swagger UI, the one that this is called with too. What was allowed to applications stays.',
  })
  async endAll(@CurrentPerson() person: PersonCaller): Promise<void> {
    await this.own.signOutEverywhere(person);
  }

  @Delete('current')
  @RequirePerson()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'signOut',
    summary: 'Sign out of this browser',
    description:
      'Ends the session that the browser’s cookie names, where it sends one, and the tokens that the console and Swagger UI got by it.',
  })
  async signOut(
    @CurrentPerson() person: PersonCaller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.own.endThisSession(person, request);
    // Whoever's it was, the cookie goes.
    await this.sessions.close(request, reply);
  }

  @Delete(':id')
  @RequirePerson()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'endOwnSession',
    summary: 'Sign out of one browser',
    description: 'Ends the session, and the tokens that the console and Swagger UI got by it.',
  })
  @ApiProblems(400, 404)
  async end(@CurrentPerson() person: PersonCaller, @UuidParam('id') id: string): Promise<void> {
    await this.own.endSession(person, id);
  }
}
