import { Injectable } from '@nestjs/common';
import { PublicUrl } from '#configuration';
import { Database } from '#database';
import { formToken, type HtmlPage } from '#http-api';
import type { SignInPurpose } from '../../sign-in/sign-in-purposes.js';
import type { Challenge } from '../factor-challenges.js';
import { FactorStandings } from '../factor-standing.js';
import { Passkeys } from '../passkeys.js';
import { RelyingParty } from '../relying-party.js';
import { totpUri } from '../totp-secret.js';
import { enrolmentPage, enrolmentPurpose } from './enrolment.page.js';
import { secondFactorPage, secondFactorPurpose } from './second-factor.page.js';

/** What is said above a form that is shown again. */
interface Again {
  status?: number;
  error?: string;
  headers?: Record<string, string>;
}

/** The pages of a challenge, with what a browser has to know for its passkeys. */
@Injectable()
export class SecondFactorForms {
  constructor(
    private readonly database: Database,
    private readonly standings: FactorStandings,
    private readonly passkeys: Passkeys,
    private readonly relyingParty: RelyingParty,
    private readonly publicUrl: PublicUrl,
  ) {}

  async verification(
    { id, person, webauthn }: Challenge,
    browser: string,
    purpose: SignInPurpose,
    again: Again = {},
  ): Promise<HtmlPage> {
    const { totp, passkeys } = await this.standings.of(this.database, person.id);
    const usable = passkeys > 0 && this.relyingParty.impossibleBecause === null;
    return secondFactorPage({
      ...again,
      csrf: formToken(browser, secondFactorPurpose(id)),
      purpose,
      username: person.username,
      totp,
      passkeys: usable
        ? await this.relyingParty.requestOptions(webauthn, await this.passkeys.known(person.id))
        : undefined,
    });
  }

  async enrolment(
    { id, person, webauthn, totpSecret }: Challenge,
    browser: string,
    purpose: SignInPurpose,
    again: Again = {},
  ): Promise<HtmlPage> {
    const { hostname } = new URL(this.publicUrl.issuer);
    return enrolmentPage({
      ...again,
      csrf: formToken(browser, enrolmentPurpose(id)),
      purpose,
      username: person.username,
      secret: totpSecret!,
      uri: totpUri(totpSecret!, person.username, hostname),
      passkeys:
        this.relyingParty.impossibleBecause ??
        (await this.relyingParty.creationOptions(person, webauthn, [])),
    });
  }
}
