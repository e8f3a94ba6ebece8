import { Injectable } from '@nestjs/common';
import { validityFault } from '#access-control';
import { Clock, Problem } from '#http-api';
import { givenScopes, OAuthError, reachesCustomer } from '#oauth-protocol';
import type { AuthorizationRequestEntity } from '../authorization-request.entity.js';
import { requireCodeGrant, requirePushed } from '../authorize/authorization-request-check.js';
import { isRegistered } from '../authorize/client-and-redirect-uri.js';
import { requiresProofKey } from '../authorize/proof-key-check.js';
import { AuthorizingClients, customerOf, type AuthorizingClient } from '../authorizing-clients.port.js';
import type { SignedIn } from '../signed-in-people.port.js';
import { RememberedConsents } from './remembered-consents.js';

/** What would be given now, by whom, to whom. */
export interface Offer {
  client: AuthorizingClient;
  signedIn: SignedIn;
  scopes: string[];
}

/** The person signs in; or he is asked; or nothing is left to ask. */
export type NextStep = { kind: 'sign-in' } | { kind: 'ask' | 'give'; offer: Offer };

/** Decides how a request goes on, from what is true now: for the page, for what it sends, and where no page is needed. */
@Injectable()
export class NextSteps {
  constructor(
    private readonly clients: AuthorizingClients,
    private readonly consents: RememberedConsents,
    private readonly clock: Clock,
  ) {}

  /**
   * 1. The client may still act, and still has the redirect URI: else a page, as nothing may be sent there.
   * 2. It is still registered for codes, and what it needs by now is there: that it was pushed, and a proof key.
   * 3. Somebody is signed in, since the request where it says `prompt=login`.
   * 4. He may give away what is the client's customer's.
   * 5. Of what was asked for, something is left that the client has and that his role allows.
   * 6. He is asked, unless he need not be.
   * @throws Problem for a page, OAuthError for a redirect
   */
  async after(request: AuthorizationRequestEntity, signedIn: SignedIn | undefined): Promise<NextStep> {
    const client = await this.client(request);
    requireCodeGrant(client);
    requirePushed(request.pushed, client);
    if (request.codeChallenge === null && requiresProofKey(client))
      throw new OAuthError('invalid_request', 'code_challenge is missing (RFC 7636).');
    if (!signedIn || mustSignInAnew(request, signedIn)) {
      if (request.prompt.includes('none')) throw new OAuthError('login_required', 'Nobody is signed in.');
      return { kind: 'sign-in' };
    }
    requireReach(client, signedIn);
    const offer = { client, signedIn, scopes: scopesLeft(request, client, signedIn) };
    if (!(await this.mustAsk(request, offer))) return { kind: 'give', offer };
    if (request.prompt.includes('none'))
      throw new OAuthError('consent_required', 'Who is signed in has to be asked.');
    return { kind: 'ask', offer };
  }

  private async client(request: AuthorizationRequestEntity): Promise<AuthorizingClient> {
    const client = await this.clients.byId(request.client);
    if (!client || validityFault(client, this.clock.now()) || !isRegistered(client, request.redirectUri))
      throw new Problem(400, 'invalid_request', 'The application may not ask here any more.');
    return client;
  }

  /**
   * Public clients each time: anybody can use their id (RFC 6749 §10.2). Our own only where they want it. What is
   * for other resources each time too, as what is remembered is of Postern itself.
   */
  private async mustAsk(
    { prompt, resources }: AuthorizationRequestEntity,
    { client, signedIn, scopes }: Offer,
  ): Promise<boolean> {
    if (prompt.includes('consent') || resources !== null) return true;
    if (client.builtIn) return false;
    if (client.tokenEndpointAuthMethod === 'none') return true;
    return !(await this.consents.cover(signedIn.person.id, client.id, scopes));
  }
}

function mustSignInAnew({ prompt, createdAt }: AuthorizationRequestEntity, signedIn: SignedIn): boolean {
  return prompt.includes('login') && signedIn.authenticatedAt <= createdAt;
}

/** A client's tokens read its customer's rows, whoever allowed them. */
function requireReach(client: AuthorizingClient, { person }: SignedIn): void {
  if (!reachesCustomer(person, customerOf(client, person)))
    throw new OAuthError('access_denied', 'Who signed in belongs to another customer.');
}

function scopesLeft(
  { scopes }: AuthorizationRequestEntity,
  client: AuthorizingClient,
  { person }: SignedIn,
): string[] {
  const left = givenScopes(scopes, client, person, customerOf(client, person));
  if (left.length === 0)
    throw new OAuthError('access_denied', `The role ${person.role} allows nothing of what was asked for.`);
  return left;
}
