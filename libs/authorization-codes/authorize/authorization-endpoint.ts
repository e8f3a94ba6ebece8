import { Injectable } from '@nestjs/common';
import { PublicUrl } from '#configuration';
import { violatesForeignKey } from '#database';
import { Problem, SeeOther, type FormParameters } from '#http-api';
import { hasFormat, OAuthError, REQUEST_URI } from '#oauth-protocol';
import { AuthorizationRequests } from '../authorization-requests.js';
import { AuthorizationResponses } from '../authorization-responses.js';
import { PushedRequests } from '../pushed/pushed-requests.js';
import { checkRequest } from './authorization-request-check.js';
import { ClientAndRedirectUri, noSuchClient } from './client-and-redirect-uri.js';

/** The authorization endpoint's part before any person is asked (RFC 6749 §4.1.1). */
@Injectable()
export class AuthorizationEndpoint {
  constructor(
    private readonly clientAndRedirectUri: ClientAndRedirectUri,
    private readonly requests: AuthorizationRequests,
    private readonly pushed: PushedRequests,
    private readonly publicUrl: PublicUrl,
    private readonly responses: AuthorizationResponses,
  ) {}

  /**
   * 1. Where it was pushed, it is what was pushed, whatever else stands in the address (RFC 9126 §4).
   * 2. Client and redirect URI are beyond doubt, else an error page.
   * 3. The request is good, else a redirect that says what is wrong.
   * 4. It is kept on the server, and the browser carries nothing but its handle from here on.
   * @param required parameters that this address requires beyond RFC 6749
   * @throws Problem for a page
   */
  async begin(sent: FormParameters, required: readonly string[] = []): Promise<SeeOther> {
    const pushed = await this.takePushed(sent);
    const parameters = pushed ?? sent;
    const asking = await this.clientAndRedirectUri.check(parameters);
    try {
      const { issuer } = this.publicUrl;
      const asked = checkRequest(parameters, asking.client, {
        issuer,
        pushed: pushed !== undefined,
        required,
      });
      const { client, redirectUri, redirectUriSent, state } = asking;
      const id = await this.requests.keep({
        client: client.id,
        redirectUri,
        redirectUriSent,
        state,
        pushed: pushed !== undefined,
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

  /**
   * RFC 9126 §4: what a `request_uri` of ours stands for, once.
   * @returns undefined where there is none; one of somebody else's is no way in which requests come here
   */
  private async takePushed(sent: FormParameters): Promise<FormParameters | undefined> {
    const requestUri = sent.get('request_uri');
    if (!requestUri || !hasFormat(REQUEST_URI, requestUri)) return undefined;
    const pushed = await this.pushed.take(requestUri, sent.get('client_id') ?? '');
    if (pushed) return pushed;
    throw Problem.invalidField('request_uri', 'was used, has expired, or is of another application');
  }
}
