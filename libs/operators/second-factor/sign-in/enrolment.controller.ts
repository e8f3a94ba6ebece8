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
import { EnrolmentSignIn } from './enrolment-sign-in.js';
import { enrolmentPurpose, recoveryCodesPage } from './enrolment.page.js';
import { answerOf } from './factor-form.js';
import { SecondFactorForms } from './second-factor-forms.js';
import { signInAnewPage } from './second-factor.page.js';

/** The page for a person whose role requires a second factor, and who has none yet. */
@Public()
@ApiExcludeController()
@Controller('oauth2/sign-in/enrolment')
export class EnrolmentController {
  constructor(
    private readonly challenges: FactorChallenges,
    private readonly forms: SecondFactorForms,
    private readonly signIn: EnrolmentSignIn,
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
    const challenge = await this.challenges.find('enrolment', browser);
    if (!challenge) return new SeeOther(signInPath('', purpose));
    return this.forms.enrolment(challenge, browser, purpose);
  }

  /**
   * 1. The body is a form, and no field comes twice; what it signs in for is still there.
   * 2. Somebody has shown his password in this browser lately, and must enrol.
   * 3. The form is one that this browser was shown, about him.
   * 4. It holds what can be tried, and that is what his new factor says.
   * 5. His recovery codes are shown, this once, before he goes on.
   */
  @Post()
  async submit(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HtmlPage> {
    const form = formOf(request.body);
    const browser = this.cookies.browser(request, reply);
    const purpose = await this.purposes.of(form, browser);
    if (purpose === 'gone') return startAgainPage();
    const challenge = await this.challenges.find('enrolment', browser);
    if (!challenge) return signInAnewPage(purpose);
    const again = (status: number, error: string) =>
      this.forms.enrolment(challenge, browser, purpose, { status, error });
    if (!isFormToken(form.get('csrf'), browser, enrolmentPurpose(challenge.id)))
      return again(403, 'That did not work. Please try again.');
    const answer = answerOf(form, 'registration');
    if (typeof answer === 'string') return again(400, answer);
    const result = await this.signIn.attempt(request, challenge, answer);
    if (result.outcome === 'gone') return signInAnewPage(purpose);
    if (result.outcome === 'refused') {
      if (!(await this.challenges.find('enrolment', browser))) return signInAnewPage(purpose);
      const wrong =
        'code' in answer ? 'The app does not show this code now.' : 'The passkey could not be made.';
      return again(403, wrong);
    }
    this.sessions.give(reply, result.token);
    const next = purpose ? continuationOf(purpose.request) : '/oauth2/sign-in';
    return recoveryCodesPage(result.recoveryCodes, purpose, next);
  }
}
