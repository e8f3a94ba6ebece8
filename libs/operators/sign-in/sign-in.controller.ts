import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '#access-control';
import {
  FormParameters,
  formToken,
  HtmlPage,
  isFormToken,
  PageCookies,
  QueryParameters,
  SeeOther,
} from '#http-api';
import { continuationOf } from './pending-authorizations.port.js';
import { Sessions } from './sessions.js';
import { faultsOf, formOf } from './sign-in-form.js';
import { signedInPage, signInPage, signInPurpose, SIGN_OUT, startAgainPage } from './sign-in.page.js';
import { signInPath, SignInPurposes } from './sign-in-purposes.js';
import { SignIn } from './sign-in.service.js';

/** The sign-in page. */
@Public()
@ApiExcludeController()
@Controller('oauth2/sign-in')
export class SignInController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly purposes: SignInPurposes,
    private readonly cookies: PageCookies,
  ) {}

  @Get()
  async page(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @QueryParameters(['request']) query: FormParameters,
  ): Promise<HtmlPage> {
    const browser = this.cookies.browser(request, reply);
    const purpose = await this.purposes.of(query, browser);
    if (purpose === 'gone') return startAgainPage();
    const session = purpose ? undefined : await this.sessions.of(request);
    if (session) return signedInPage(session, formToken(session.secret, SIGN_OUT));
    return signInPage({ csrf: formToken(browser, signInPurpose(purpose?.request)), ...purpose });
  }

  /**
   * 1. The body is a form, and no field comes twice.
   * 2. What it signs in for is still there, for this browser.
   * 3. The form is one that this browser was shown.
   * 4. Both fields hold what can be tried.
   * 5. Not too many have failed, and the person is who he says.
   * 6. He is in; or he goes on to show his second factor, or to enrol one.
   */
  @Post()
  async submit(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HtmlPage | SeeOther> {
    const form = formOf(request.body);
    const browser = this.cookies.browser(request, reply);
    const purpose = await this.purposes.of(form, browser);
    if (purpose === 'gone') return startAgainPage();
    const credentials = { username: form.get('username') ?? '', password: form.get('password') ?? '' };
    const csrf = formToken(browser, signInPurpose(purpose?.request));
    const again = (status: number, error: string, headers?: Record<string, string>) =>
      signInPage({ csrf, ...purpose, username: credentials.username, status, error, headers });
    if (!isFormToken(form.get('csrf'), browser, signInPurpose(purpose?.request)))
      return again(403, 'That did not work. Please try again; your browser must take cookies from here.');
    const faults = faultsOf(credentials);
    if (faults.length > 0)
      return again(400, `${faults.map(({ field, message }) => `${field} ${message}`).join('. ')}.`);
    const result = await this.signIn.attempt(request, browser, credentials.username, credentials.password);
    if (result.outcome === 'locked') {
      const { seconds } = result;
      return again(429, `Too many attempts have failed. Please try again in ${seconds} seconds.`, {
        'retry-after': String(seconds),
      });
    }
    if (result.outcome === 'refused') return again(403, 'The username or the password is wrong.');
    if (result.outcome === 'second_factor') return new SeeOther(signInPath('/second-factor', purpose));
    if (result.outcome === 'enrolment') return new SeeOther(signInPath('/enrolment', purpose));
    this.sessions.give(reply, result.token);
    return new SeeOther(purpose ? continuationOf(purpose.request) : '/oauth2/sign-in');
  }
}
