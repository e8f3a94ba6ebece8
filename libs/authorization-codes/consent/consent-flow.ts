import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '#access-control';
import { Database } from '#database';
import { isFormToken, SeeOther, type HtmlPage } from '#http-api';
import { OAuthError } from '#oauth-protocol';
import type { AuthorizationRequestEntity } from '../authorization-request.entity.js';
import { AuthorizationRequests } from '../authorization-requests.js';
import { AuthorizationResponses } from '../authorization-responses.js';
import { AuthorizingClients } from '../authorizing-clients.port.js';
import type { SignedIn } from '../signed-in-people.port.js';
import { CodeIssuing, requestGone } from './code-issuing.js';
import { consentPage, consentPurpose } from './consent-page.js';
import { NextSteps, type Offer } from './next-step.js';

/** Who looks at a request or answers it: a browser, and the person who is signed in there. */
export interface Visitor {
  /** The browser's own secret. */
  browser: string;
  signedIn: SignedIn | undefined;
  origin: RequestOrigin;
}

export type Answer = HtmlPage | SeeOther;

/** A request's way from the first page to its answer. Looking and deciding go through the same checks. */
@Injectable()
export class ConsentFlow {
  constructor(
    private readonly database: Database,
    private readonly requests: AuthorizationRequests,
    private readonly steps: NextSteps,
    private readonly clients: AuthorizingClients,
    private readonly codes: CodeIssuing,
    private readonly responses: AuthorizationResponses,
  ) {}

  /** The next page, or the answer where nobody need be asked. */
  look(id: string, visitor: Visitor): Promise<Answer> {
    return this.goOn(id, visitor, (request, offer, ask) =>
      ask ? this.page(request, offer, false) : this.give(request, offer, false, visitor.origin),
    );
  }

  /**
   * What the person decided, where it is about what would be given now: the token is bound to the
   * session, the person and the scopes that he was shown. Else he is asked anew.
   */
  decide(
    id: string,
    visitor: Visitor,
    decision: 'allow' | 'deny',
    csrf: string | undefined,
  ): Promise<Answer> {
    return this.goOn(id, visitor, async (request, offer) => {
      if (!isFormToken(csrf, offer.signedIn.secret, consentPurpose(id, offer)))
        return this.page(request, offer, true);
      if (decision === 'deny') throw new OAuthError('access_denied', 'The person said no.');
      return this.give(request, offer, true, visitor.origin);
    });
  }

  /**
   * 1. The request is under way, and this browser's.
   * 2. The person signs in where he must.
   * 3. What is refused for good ends the request, and the client is told.
   */
  private async goOn(
    id: string,
    { browser, signedIn }: Visitor,
    proceed: (request: AuthorizationRequestEntity, offer: Offer, ask: boolean) => Promise<Answer>,
  ): Promise<Answer> {
    const request = await this.requests.take(id, browser);
    if (!request) throw requestGone();
    try {
      const step = await this.steps.after(request, signedIn);
      if (step.kind === 'sign-in') return new SeeOther(`/oauth2/sign-in?request=${id}`);
      return await proceed(request, step.offer, step.kind === 'ask');
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      if (!(await this.requests.end(this.database, id))) throw requestGone();
      return this.responses.error(request, error);
    }
  }

  private async page(request: AuthorizationRequestEntity, offer: Offer, changed: boolean): Promise<Answer> {
    const scopes = await this.clients.describe(offer.client.customerId, offer.scopes);
    return consentPage(request, offer, scopes, changed);
  }

  private async give(
    request: AuthorizationRequestEntity,
    offer: Offer,
    asked: boolean,
    origin: RequestOrigin,
  ): Promise<Answer> {
    return this.responses.code(request, await this.codes.issue(request, offer, asked, origin));
  }
}
