import { Injectable } from '@nestjs/common';
import { DpopProofs, type AuthenticatedClient, type AuthenticatedRequest } from '#access-control';
import { PublicUrl } from '#configuration';
import { FormParameters } from '#http-api';
import { OAuthError } from '#oauth-protocol';
import { checkRequest } from '../authorize/authorization-request-check.js';
import { ClientAndRedirectUri } from '../authorize/client-and-redirect-uri.js';
import type { PushedAuthorizationResponseDto } from './par.dto.js';
import { PUSHED_LIFETIME, PushedRequests } from './pushed-requests.js';

/** What of a pushed request is kept: all that the authorization endpoint knows, and nothing by which the client authenticated. */
const KEPT = [
  'client_id',
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'response_mode',
  'resource',
  'dpop_jkt',
];

/** The pushed authorization request endpoint, once the client has authenticated (RFC 9126 §2.1). */
@Injectable()
export class PushedAuthorizationEndpoint {
  constructor(
    private readonly clientAndRedirectUri: ClientAndRedirectUri,
    private readonly requests: PushedRequests,
    private readonly proofs: DpopProofs,
    private readonly publicUrl: PublicUrl,
  ) {}

  /**
   * 1. There is no `request_uri` in it (§2.1); its client is the one that authenticated.
   * 2. It is good, by the authorization endpoint's own checks; here the client is told, and no browser.
   * 3. A client of the profile fapi2 names its redirect URI (FAPI 2.0 Security Profile §5.3.2.2).
   * 4. A proof is in order, shown for the first time, and of the key that `dpop_jkt` names (RFC 9449 §10.1).
   * 5. It is kept, for a short time and for one browser.
   * @throws OAuthError
   */
  async push(
    parameters: FormParameters,
    client: AuthenticatedClient,
    request: AuthenticatedRequest,
  ): Promise<PushedAuthorizationResponseDto> {
    if (parameters.has('request_uri'))
      throw new OAuthError('invalid_request', 'A pushed request holds no request_uri.');
    const pushed = parameters.with(FormParameters.of({ client_id: client.clientId }));
    const asking = await this.clientAndRedirectUri.check(pushed);
    checkRequest(pushed, asking.client, { issuer: this.publicUrl.issuer, pushed: true });
    if (client.profile === 'fapi2' && !asking.redirectUriSent)
      throw new OAuthError(
        'invalid_request',
        'redirect_uri is missing (FAPI 2.0 Security Profile, 5.3.2.2).',
      );
    const bound = await this.boundToKey(pushed.only(KEPT), client, request);
    return { request_uri: await this.requests.keep(client, bound), expires_in: PUSHED_LIFETIME };
  }

  private async boundToKey(
    parameters: FormParameters,
    client: AuthenticatedClient,
    request: AuthenticatedRequest,
  ): Promise<FormParameters> {
    const proof = await this.proofs.ofClient(request, client);
    if (!proof) return parameters;
    const named = parameters.get('dpop_jkt');
    if (named && named !== proof.jkt)
      throw new OAuthError(
        'invalid_dpop_proof',
        'dpop_jkt names another key than the one of the DPoP proof.',
      );
    await this.proofs.spendForClient(proof);
    return parameters.with(FormParameters.of({ dpop_jkt: proof.jkt }));
  }
}
