import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '#access-control';
import { FormParameters, HtmlPage, isFormToken, PageCookies, QueryParameters, SeeOther } from '#http-api';
import { continuationOf } from '../../sign-in/pending-authorizations.port.js';
import { Sessions } from '../../sign-in/sessions.js';
import { formOf } from '../../sign-in/sign-in-form.js';
import { startAgainPage } from '../../sign-in/sign-in.page.js';
import { signInPath, SignInPurposes } from '../../sign-in/sign-in-purposes.js';
import { FactorChallenges } from '../factor-challenges.js';
import { answerOf } from './factor-form.js';
import { SecondFactorForms } from './second-factor-forms.js';
import { SecondFactorSignIn } from './second-factor-sign-in.js';
import { secondFactorPurpose, signInAnewPage } from './second-factor.page.js';

/** The page between the password and the session. */
@Public()
@ApiExcludeController()
@Controller('oauth2/sign-in/second-factor')
export class SecondFactorController {
  constructor(
    private readonly challenges: FactorChallenges,
    private readonly forms: SecondFactorForms,
    private readonly signIn: SecondFactorSignIn,
    private readonly sessions: Sessions,
    private readonly purposes: SignInPurposes,
    private readonly cookies: PageCookies,
  ) {}

  @Get()
  async page(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @QueryParameters(['request']) query: FormParameters,
  ): Promise<HtmlPage | SeeOther> {
    const browser = this.cookies.browser(request, reply);
    const purpose = await this.purposes.of(query, browser);
    if (purpose === 'gone') return startAgainPage();
    const challenge = await this.challenges.find('sign_in', browser);
    if (!challenge) return new SeeOther(signInPath('', purpose));
    return this.forms.verification(challenge, browser, purpose);
  }

  /**
   * 1. The body is a form, and no field comes twice; what it signs in for is still there.
   * 2. Somebody has shown his password in this browser lately.
   * 3. The form is one that this browser was shown, about him.
   * 4. It holds what can be tried.
   * 5. Not too many have failed, and it is his second factor.
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
    const challenge = await this.challenges.find('sign_in', browser);
    if (!challenge) return signInAnewPage(purpose);
    const again = (status: number, error: string, headers?: Record<string, string>) =>
      this.forms.verification(challenge, browser, purpose, { status, error, headers });
    if (!isFormToken(form.get('csrf'), browser, secondFactorPurpose(challenge.id)))
      return again(403, 'That did not work. Please try again.');
    const answer = answerOf(form, 'assertion');
    if (typeof answer === 'string') return again(400, answer);
    const result = await this.signIn.attempt(request, challenge, answer);
    switch (result.outcome) {
      case 'gone':
        return signInAnewPage(purpose);
      case 'locked': {
        const { seconds } = result;
        return again(429, `Too many attempts have failed. Please try again in ${seconds} seconds.`, {
          'retry-after': String(seconds),
        });
      }
      case 'refused':
        if (!(await this.challenges.find('sign_in', browser))) return signInAnewPage(purpose);
        return again(403, 'That is not right, or was used before.');
      case 'signed_in':
        this.sessions.give(reply, result.token);
        return new SeeOther(purpose ? continuationOf(purpose.request) : '/oauth2/sign-in');
    }
  }
}
