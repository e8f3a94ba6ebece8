import { Controller, Get, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public, requestOrigin } from '#access-control';
import { isFormToken, QueryParameters, SeeOther, type FormParameters, type HtmlPage } from '#http-api';
import { PageForm } from '../request-parameters.js';
import { SignedInPeople } from '../signed-in-people.port.js';
import { AllowedAccess } from './allowed-access.js';
import { consentsPage, withdrawalPurpose } from './consents-page.js';

/** What the person who is signed in allowed applications, and taking it back. */
@Public()
@ApiExcludeController()
@Controller('oauth2/consents')
export class ConsentsController {
  constructor(
    private readonly people: SignedInPeople,
    private readonly allowed: AllowedAccess,
  ) {}

  @Get()
  async list(
    @QueryParameters([]) _query: FormParameters,
    @Req() request: FastifyRequest,
  ): Promise<HtmlPage | SeeOther> {
    const signedIn = await this.people.of(request);
    if (!signedIn) return new SeeOther('/oauth2/sign-in');
    return consentsPage(signedIn, await this.allowed.of(signedIn.person));
  }

  /**
   * 1. Somebody is signed in.
   * 2. The form is one that he was shown for this application.
   * 3. It has access; where it has none any more, there is nothing left to do.
   */
  @Post()
  async withdraw(
    @PageForm(['client_id', 'csrf']) form: FormParameters,
    @Req() request: FastifyRequest,
  ): Promise<HtmlPage | SeeOther> {
    const signedIn = await this.people.of(request);
    if (!signedIn) return new SeeOther('/oauth2/sign-in');
    const clientId = form.get('client_id') ?? '';
    const allowed = await this.allowed.of(signedIn.person);
    if (!isFormToken(form.get('csrf'), signedIn.secret, withdrawalPurpose(clientId)))
      return consentsPage(signedIn, allowed, { status: 403, error: 'That did not work. Please try again.' });
    const one = allowed.find(({ client }) => client.clientId === clientId);
    if (one) await this.allowed.withdraw(signedIn.person, one.client, requestOrigin(request));
    return new SeeOther('/oauth2/consents');
  }
}
