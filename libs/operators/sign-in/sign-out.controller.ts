import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '#access-control';
import { formToken, HtmlPage, isFormToken, SeeOther } from '#http-api';
import { Sessions } from './sessions.js';
import { formOf } from './sign-in-form.js';
import { signOutPage, SIGN_OUT } from './sign-in.page.js';

/** Ends the session of this browser. */
@Public()
@ApiExcludeController()
@Controller('oauth2/sign-out')
export class SignOutController {
  constructor(private readonly sessions: Sessions) {}

  /** Without a session there is nothing to protect, and nothing to end. */
  @Post()
  async submit(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HtmlPage | SeeOther> {
    const form = formOf(request.body);
    const wanted = form.get('request');
    const pending = isUUID(wanted) ? wanted : undefined;
    const session = await this.sessions.of(request);
    if (session && !isFormToken(form.get('csrf'), session.secret, SIGN_OUT))
      return signOutPage(formToken(session.secret, SIGN_OUT), pending);
    if (session) await this.sessions.close(request, reply);
    return new SeeOther(pending ? `/oauth2/sign-in?request=${pending}` : '/oauth2/sign-in');
  }
}
