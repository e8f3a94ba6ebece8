import { Injectable } from '@nestjs/common';
import { violatesForeignKey } from '#database';
import { SeeOther, type FormParameters } from '#http-api';
import { OAuthError } from '#oauth-protocol';
import { AuthorizationRequests } from '../authorization-requests.js';
import { AuthorizationResponses } from '../authorization-responses.js';
import { checkRequest } from './authorization-request-check.js';
import { ClientAndRedirectUri, noSuchClient } from './client-and-redirect-uri.js';

/** The authorization endpoint's part before any person is asked (RFC 6749 §4.1.1). */
@Injectable()
export class AuthorizationEndpoint {
  constructor(
    private readonly clientAndRedirectUri: ClientAndRedirectUri,
    private readonly requests: AuthorizationRequests,
    private readonly responses: AuthorizationResponses,
  ) {}

  /**
   * 1. Client and redirect URI are beyond doubt, else an error page.
   * 2. The request is good, else a redirect that says what is wrong.
   * 3. It is kept on the server, and the browser carries nothing but its handle from here on.
   * @param required parameters that this address requires beyond RFC 6749
   * @throws Problem for a page
   */
  async begin(parameters: FormParameters, required: readonly string[] = []): Promise<SeeOther> {
    const asking = await this.clientAndRedirectUri.check(parameters);
    try {
      const asked = checkRequest(parameters, asking.client, required);
      const { client, redirectUri, redirectUriSent, state } = asking;
      const id = await this.requests.keep({
        client: client.id,
        redirectUri,
        redirectUriSent,
        state,
        ...asked,
      });
      return new SeeOther(`/oauth2/consent?request=${id}`);
    } catch (error) {
      if (error instanceof OAuthError) return this.responses.error(asking, error);
      // The client was deleted meanwhile.
      if (violatesForeignKey(error)) throw noSuchClient();
      throw error;
    }
  }
}
