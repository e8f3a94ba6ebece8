import { Injectable } from '@nestjs/common';
import { ClientAuthenticationService, type AuthenticatedRequest, type Caller } from '#access-control';
import { Database } from '#database';
import { OAuthError } from '#oauth-protocol';
import { comesFromUnder } from './public-base-uri.js';

/** Holds a caller to its client's `public_base_uri`. */
@Injectable()
export class CallingPageCheck {
  constructor(
    private readonly database: Database,
    private readonly authentication: ClientAuthenticationService,
  ) {}

  /** @throws OAuthError `access_denied` for a page that does not lie under it, once that is on record */
  async require(request: AuthenticatedRequest, { clientId, customerId }: Caller): Promise<void> {
    const { headers } = request;
    if (headers.origin === undefined && headers.referer === undefined) return;
    const { origin, referer } = request.raw.headersDistinct;
    const { rows } = await this.database.query<{ publicBaseUri: string | null }>(
      'SELECT public_base_uri AS "publicBaseUri" FROM clients WHERE client_id = $1',
      [clientId],
    );
    const publicBaseUri = rows[0]?.publicBaseUri;
    if (!publicBaseUri || comesFromUnder(publicBaseUri, { origin, referer })) return;
    const answer = new OAuthError(
      'access_denied',
      'The request comes from a page that does not lie under the public_base_uri of the client.',
    );
    await this.authentication.fail(request, 'page_not_allowed', clientId, customerId, answer);
  }
}
