import { Injectable } from '@nestjs/common';
import { formOf, type FormParameters } from '#http-api';
import { claimedClient, CLIENT_SECRET, hasFormat, JWT_BEARER_ASSERTION, OAuthError } from '#oauth-protocol';
import { authorizationOf, basicReadings, type BasicCredentials } from './authorization-header.js';
import { BoundedRefusals } from './bounded-refusals.js';
import { invalidClient, tooManyFailures } from './challenges.js';
import {
  ClientAuthenticator,
  type AuthenticatedClient,
  type ClientAuthentication,
  type ClientCredentials,
} from './client-authenticator.js';
import type { AuthenticatedRequest } from './decorators.js';
import { FailedAuthentications } from './failed-authentications.js';
import { ANONYMOUS } from './principal.js';
import type { AuthenticationFailure } from './refusals.js';
import { requestOrigin } from './request-origin.js';
import { BasicStrategy } from './strategies.js';

const MESSAGES: Record<AuthenticationFailure, string> = {
  unknown_client: 'No client has this client_id.',
  wrong_secret: 'The secret is not one of the client’s, or has expired.',
  client_inactive: 'The client is not active.',
  client_not_yet_valid: 'The client is not valid yet.',
  client_no_longer_valid: 'The client is not valid any more.',
  address_not_allowed: 'The client may not act from this address.',
  method_not_registered: 'The client is registered for another way of authenticating.',
  wrong_customer: 'The client does not belong to the customer that the request names.',
  no_credentials: 'The request held no credentials.',
  malformed_credentials: 'The client credentials could not be read.',
  client_id_mismatch: 'The Basic credentials and the body name different clients.',
  page_not_allowed: 'The page that the request comes from does not lie under the client’s public_base_uri.',
  assertion_not_signed: 'None of the client’s keys signed the assertion.',
  assertion_not_in_order: 'The assertion was signed by a key of the client’s, and is not in order.',
  assertion_used_before: 'The assertion was signed by a key of the client’s, and was used before.',
  too_many_failures: 'Too many have failed from this address: for a minute nothing is tried.',
};

/** What somebody gets wrong who guesses. */
const GUESSES: AuthenticationFailure[] = ['unknown_client', 'wrong_secret', 'assertion_not_signed'];

/** Characters of an assertion at most: some hundreds are usual. */
const MAX_ASSERTION = 8192;

/** Client authentication, RFC 6749 §2.3: one way for the token endpoint and for Basic on the admin API. */
@Injectable()
export class ClientAuthenticationService {
  constructor(
    private readonly basic: BasicStrategy,
    private readonly clients: ClientAuthenticator,
    private readonly refusals: BoundedRefusals,
    private readonly failures: FailedAuthentications,
  ) {}

  /**
   * 1. The body is a form, and holds no parameter twice (RFC 6749 §3.2).
   * 2. One way of authenticating, not two (RFC 6749 §2.3).
   * 3. Basic, else the body's `client_assertion` (RFC 7523), else its `client_id` and `client_secret`, else a
   *    public client's `client_id` alone.
   * 4. Not too many secrets or signatures have been wrong from this address (RFC 6749 §2.3.1).
   * 5. Every failure is on record, and answered alike.
   */
  async authenticate(request: AuthenticatedRequest): Promise<AuthenticatedClient> {
    const form = formOf(request);
    const authorization = authorizationOf(request);
    if (authorization.scheme === 'none') return this.byBody(request, form);
    if (form.has('client_secret') || holdsAssertion(form)) {
      throw new OAuthError('invalid_request', 'Authenticate in one way only: by Basic, or in the body.');
    }
    if (authorization.scheme !== 'basic') return this.fail(request, 'malformed_credentials');
    return this.byBasic(request, authorization, form.get('client_id'));
  }

  /** Basic alone, e.g. on the admin API. */
  async byBasic(
    request: AuthenticatedRequest,
    { clientId, clientSecret }: BasicCredentials,
    bodyClientId?: string,
  ): Promise<AuthenticatedClient> {
    const result = await this.trySecret(request, basicReadings(clientId, clientSecret), () =>
      this.basic.try(clientId, clientSecret, requestOrigin(request)),
    );
    if ('client' in result && bodyClientId !== undefined && bodyClientId !== result.client.clientId) {
      return this.fail(request, 'client_id_mismatch', result.client.clientId, result.client.customerId);
    }
    return this.clientOf(request, result);
  }

  /** Records a failed authentication and answers it: like every other at its kind of endpoint. */
  async fail(
    request: AuthenticatedRequest,
    reason: AuthenticationFailure,
    clientId: string | null = null,
    customerId: string | null = null,
    answer: Error = invalidClient(),
  ): Promise<never> {
    await this.record(request, reason, clientId, customerId);
    throw answer;
  }

  private async byBody(request: AuthenticatedRequest, form: FormParameters): Promise<AuthenticatedClient> {
    if (holdsAssertion(form)) return this.byAssertion(request, form);
    const clientId = form.get('client_id');
    const clientSecret = form.get('client_secret');
    if (!clientId || clientSecret === '') return this.fail(request, 'no_credentials', clientId);
    if (clientSecret === undefined) {
      return this.clientOf(request, await this.clients.identify(clientId, requestOrigin(request)));
    }
    return this.bySecret(request, clientId, clientSecret);
  }

  /** By an id and a secret that came in a body, whatever its shape. */
  async bySecret(
    request: AuthenticatedRequest,
    clientId: string,
    clientSecret: string,
  ): Promise<AuthenticatedClient> {
    const readings = [{ clientId, clientSecret }];
    const authenticate = () => this.clients.authenticate({ readings }, requestOrigin(request));
    return this.clientOf(request, await this.trySecret(request, readings, authenticate));
  }

  /**
   * By a JWT that the client signed (RFC 7523 §2.2).
   * 1. It comes alone, and is of the one type that is known.
   * 2. It says whose it is; where a `client_id` comes beside it, it must be of that one (RFC 7521 §4.2).
   * 3. The client's key and the assertion's own words prove it.
   */
  private async byAssertion(
    request: AuthenticatedRequest,
    form: FormParameters,
  ): Promise<AuthenticatedClient> {
    if (form.has('client_secret'))
      throw new OAuthError(
        'invalid_request',
        'Authenticate in one way only: by a secret, or by an assertion.',
      );
    const assertion = form.get('client_assertion');
    const clientId = assertion && assertion.length <= MAX_ASSERTION ? claimedClient(assertion) : undefined;
    if (!assertion || !clientId || form.get('client_assertion_type') !== JWT_BEARER_ASSERTION)
      return this.fail(request, 'malformed_credentials', form.get('client_id'));
    const named = form.get('client_id') || clientId;
    const result = await this.try(request, named, true, () =>
      this.clients.authenticateByAssertion({ clientId: named, assertion }, requestOrigin(request)),
    );
    return this.clientOf(request, result);
  }

  private trySecret(
    request: AuthenticatedRequest,
    readings: ClientCredentials['readings'],
    authenticate: () => Promise<ClientAuthentication>,
  ): Promise<ClientAuthentication> {
    const generated = readings.every(({ clientSecret }) => hasFormat(CLIENT_SECRET, clientSecret));
    // Decoded, where it can be: an id written in a hundred ways is still that of one client.
    return this.try(request, readings[0]!.clientId, generated, authenticate);
  }

  /**
   * A secret or an assertion is tried, and counted where it is wrong; what fails with the last of a minute's
   * is on record as such. An address that guessed too much may still try what nobody guesses, and what costs
   * no slow hash, so that whoever shares a proxy with a guesser is not locked out.
   * @param unguessable a generated secret, or a signature
   */
  private async try(
    request: AuthenticatedRequest,
    clientId: string,
    unguessable: boolean,
    authenticate: () => Promise<ClientAuthentication>,
  ): Promise<ClientAuthentication> {
    const attempt = { subject: `client:${clientId}`, ip: requestOrigin(request).ip };
    const work = async () => {
      const locked = await this.failures.lockOn(attempt);
      if (locked && (locked.of === 'pair' || !unguessable)) throw tooManyFailures(locked.seconds);
      const result = await authenticate();
      if ('client' in result || !GUESSES.includes(result.failure)) return result;
      if (await this.failures.failed(attempt))
        await this.record(request, 'too_many_failures', result.clientId, result.customerId);
      return result;
    };
    return unguessable ? work() : this.failures.inTurn(attempt, work);
  }

  private async clientOf(
    request: AuthenticatedRequest,
    result: ClientAuthentication,
  ): Promise<AuthenticatedClient> {
    if ('client' in result) return result.client;
    const { failure, clientId, customerId, told } = result;
    return this.fail(request, failure, clientId, customerId, invalidClient(told));
  }

  private record(
    request: AuthenticatedRequest,
    reason: AuthenticationFailure,
    clientId: string | null,
    customerId: string | null,
  ): Promise<void> {
    return this.refusals.record({
      type: 'client_authentication.failed',
      actor: ANONYMOUS,
      origin: requestOrigin(request),
      // Cut where it may be: half a surrogate pair is no text that the database holds.
      client_id: clientId?.slice(0, 128).toWellFormed(),
      customer_id: customerId,
      detail: { reason, message: MESSAGES[reason] },
    });
  }
}

function holdsAssertion(form: FormParameters): boolean {
  return form.has('client_assertion') || form.has('client_assertion_type');
}
