import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '#access-control';
import { AuditLog } from '#audit-log';
import { Database, type Transaction } from '#database';
import { Clock, Problem } from '#http-api';
import { AUTHORIZATION_CODE, generateSecret, OAuthError, sha256 } from '#oauth-protocol';
import { AuthorizationCodeStore } from '../authorization-code-store.js';
import type { AuthorizationRequestEntity } from '../authorization-request.entity.js';
import { AuthorizationRequests } from '../authorization-requests.js';
import { AuthorizingClients, customerOf } from '../authorizing-clients.port.js';
import { Grants } from '../grants.port.js';
import type { Offer } from './next-step.js';
import { RememberedConsents } from './remembered-consents.js';

/** Turns a request into a code, once. */
@Injectable()
export class CodeIssuing {
  constructor(
    private readonly database: Database,
    private readonly clients: AuthorizingClients,
    private readonly requests: AuthorizationRequests,
    private readonly consents: RememberedConsents,
    private readonly grants: Grants,
    private readonly codes: AuthorizationCodeStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * In one transaction, which holds the client, then the person:
   * 1. Both are still there, and he is what he was when it was decided what he may give, and signed in.
   * 2. The request ends: of two answers at once, one gives a code.
   * 3. What he allowed just now is remembered; what he allowed earlier still stands.
   * 4. Grant, code and audit event are stored.
   * @param asked whether the person allowed it just now
   * @returns the code
   * @throws Problem for a page, OAuthError for a redirect
   */
  async issue(
    request: AuthorizationRequestEntity,
    offer: Offer,
    asked: boolean,
    origin: RequestOrigin,
  ): Promise<string> {
    const { client, signedIn, scopes } = offer;
    const { person, authenticatedAt, secondFactorAt } = signedIn;
    const { redirectUri } = request;
    const customerId = customerOf(client, person);
    const createdAt = this.clock.now();
    const code = generateSecret(AUTHORIZATION_CODE);
    const latest = { redirectUri, code, createdAt, passthruUser: person.username };
    await this.database.transaction(async (transaction) => {
      if (!(await this.clients.noteCode(transaction, client.id, latest))) throw requestGone();
      await requireUnchanged(transaction, offer);
      if (!(await this.requests.end(transaction, request.id))) throw requestGone();
      await this.settleConsent(transaction, offer, asked, createdAt);
      const grant = {
        client: client.id,
        operator: person.id,
        customerId,
        scopes,
        resources: request.resources,
        authenticatedAt,
        secondFactorAt,
        createdAt,
      };
      const grantId = await this.grants.open(transaction, grant);
      await this.codes.store(transaction, code, grantId, request, createdAt);
      await this.audit.record(transaction, {
        type: 'authorization_code.issued',
        actor: { kind: 'operator', id: person.username },
        origin,
        client_id: client.clientId,
        customer_id: customerId,
        detail: { scopes, redirect_uri: redirectUri },
      });
    });
    return code;
  }

  /** Consent is remembered, and can be withdrawn, between a person and a client that can prove who it is. */
  private async settleConsent(
    transaction: Transaction,
    { client, signedIn, scopes }: Offer,
    asked: boolean,
    at: Date,
  ): Promise<void> {
    if (client.builtIn || client.tokenEndpointAuthMethod === 'none') return;
    const { id } = signedIn.person;
    if (asked) await this.consents.remember(transaction, id, client.id, scopes, at);
    else if (!(await this.consents.cover(id, client.id, scopes, transaction)))
      throw new OAuthError('access_denied', 'The consent was withdrawn.');
  }
}

/** For a request that is not there for this browser, whatever became of it. */
export function requestGone(): Problem {
  return new Problem(
    400,
    'invalid_request',
    'This request is over, or was begun in another browser. Go back to the application and start again.',
  );
}

async function requireUnchanged(
  transaction: Transaction,
  { signedIn: { person, secret } }: Offer,
): Promise<void> {
  const { rows } = await transaction.query(
    'SELECT 1 FROM operators WHERE id = $1 AND active AND role = $2 AND customer_id = $3 FOR SHARE',
    [person.id, person.role, person.customerId],
  );
  if (rows.length === 0) throw new OAuthError('access_denied', 'Who signed in may not give this any more.');
  // A statement of its own: who signs out everywhere holds the row above until his sessions are gone.
  const { rowCount } = await transaction.query('SELECT 1 FROM operator_sessions WHERE token_hash = $1', [
    sha256(secret),
  ]);
  if (rowCount === 0) throw new OAuthError('access_denied', 'Who signed in has been signed out.');
}
