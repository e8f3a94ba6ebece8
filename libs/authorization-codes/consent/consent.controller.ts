import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, requestOrigin } from '#access-control';
import { PageCookies, Problem, QueryParameters, type FormParameters } from '#http-api';
import { PageForm } from '../request-parameters.js';
import { SignedInPeople } from '../signed-in-people.port.js';
import { ConsentFlow, type Answer, type Visitor } from './consent-flow.js';

/** The page that asks a person whether an application may have access. */
@Public()
@ApiExcludeController()
@Controller('oauth2/consent')
export class ConsentController {
  constructor(
    private readonly flow: ConsentFlow,
    private readonly cookies: PageCookies,
    private readonly people: SignedInPeople,
  ) {}

  @Get()
  async show(
    @QueryParameters(['request']) query: FormParameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer> {
    return this.flow.look(query.get('request') ?? '', await this.visitor(request, reply));
  }

  @Post()
  async decide(
    @PageForm(['request', 'csrf', 'decision']) form: FormParameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer> {
    const decision = form.get('decision');
    if (decision !== 'allow' && decision !== 'deny')
      throw Problem.invalidField('decision', 'must be allow or deny');
    const visitor = await this.visitor(request, reply);
    return this.flow.decide(form.get('request') ?? '', visitor, decision, form.get('csrf'));
  }

  private async visitor(request: FastifyRequest, reply: FastifyReply): Promise<Visitor> {
    return {
      browser: this.cookies.browser(request, reply),
      signedIn: await this.people.of(request),
      origin: requestOrigin(request),
    };
  }
}
