import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FormParameters } from '#http-api';
import { OAuthError, Permissions } from '#oauth-protocol';
import { authorizationOf } from './authorization-header.js';
import { BearerAuthentication } from './bearer-authentication.js';
import { noCredentials } from './challenges.js';
import { ClientAuthenticationService } from './client-authentication.js';
import type { AuthenticatedClient } from './client-authenticator.js';
import { accessOf, type Access, type AuthenticatedRequest, type Scheme } from './decorators.js';
import type { Principal } from './principal.js';
import { requestOrigin } from './request-origin.js';
import { RequestLimits } from './request-limits/request-limits.js';

const CLOSED: Access = { schemes: ['bearer'] };

/**
 * Stands before every route:
 * 1. `@Public()` lets everybody through; nothing else does.
 * 2. A token in a query or a body is refused, wherever it is sent (RFC 9700 §4.3.2), and so is a
 *    second Authorization header.
 * 3. `@AuthenticateClient()` wants a client, by Basic or body, and leaves it on the request.
 * 4. Else an access token, with a proof where it is bound to a key, or a client's credentials where the
 *    route takes them; that leaves the caller.
 * 5. A 401 names the scheme that was used, and Bearer where none was. Every refusal is on record.
 * 6. Whoever it turned out to be has not made too many requests this minute.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly clients: ClientAuthenticationService,
    private readonly bearers: BearerAuthentication,
    private readonly limits: RequestLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessOf(context, this.reflector) ?? CLOSED;
    if (access.uncounted) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    if (request.headers.dpop !== undefined) request.answer = http.getResponse();
    try {
      if (!access.public) await this.authenticate(request, access);
    } finally {
      this.limits.admit(request, http.getResponse());
    }
    return true;
  }

  private async authenticate(request: AuthenticatedRequest, access: Access): Promise<void> {
    const fault = faultOf(request);
    if (fault) await this.bearers.refuseMalformed(request, fault);
    if (access.schemes.includes('client') && !access.scope) {
      request.client = await this.clients.authenticate(request);
    } else {
      request.caller = {
        ...(await this.principal(request, access.schemes)),
        origin: requestOrigin(request),
      };
    }
  }

  private async principal(request: AuthenticatedRequest, schemes: Scheme[]): Promise<Principal> {
    const authorization = authorizationOf(request);
    const used = authorization.scheme === 'malformed' ? authorization.of : authorization.scheme;
    if (used === 'basic' && schemes.includes('basic')) {
      if (authorization.scheme !== 'basic') return this.clients.fail(request, 'malformed_credentials');
      return principalOf(await this.clients.byBasic(request, authorization));
    }
    const byToken = used === 'bearer' || used === 'dpop';
    if (!byToken && schemes.includes('client')) {
      const client = await this.clients.authenticate(request);
      // A public client only says who it is: that proves nothing.
      if (client.tokenEndpointAuthMethod !== 'none') return principalOf(client);
      return this.clients.fail(request, 'no_credentials', client.clientId, client.customerId);
    }
    if (!byToken || !schemes.includes('bearer')) {
      const wanted = schemes.includes('bearer') ? undefined : 'a client’s id and secret (Basic)';
      return this.clients.fail(request, 'no_credentials', null, null, noCredentials(wanted));
    }
    if (authorization.scheme !== 'bearer' && authorization.scheme !== 'dpop')
      return this.bearers.refuseMalformed(request, 'The Authorization header holds no access token.', used);
    if (schemes.includes('client') && holdsCredentials(request))
      throw new OAuthError('invalid_request', 'Authenticate in one way only: by a token, or as a client.');
    return this.bearers.authenticate(request, authorization.token, authorization.scheme);
  }
}

function principalOf({ clientId, customerId, scopes }: AuthenticatedClient): Principal {
  const actor = { kind: 'client' as const, id: clientId };
  return { actor, clientId, customerId, permissions: Permissions.of(scopes) };
}

function holdsCredentials({ body }: AuthenticatedRequest): boolean {
  const names = ['client_secret', 'client_assertion', 'client_assertion_type'];
  return body instanceof FormParameters && names.some((name) => body.has(name));
}

/** RFC 9700 §4.3.2: "Clients MUST NOT pass access tokens in a URI query parameter". */
function faultOf(request: AuthenticatedRequest): string | undefined {
  const mark = request.url.indexOf('?');
  const inQuery = mark >= 0 && new URLSearchParams(request.url.slice(mark)).has('access_token');
  if (inQuery || (request.body instanceof FormParameters && request.body.has('access_token')))
    return 'Access tokens are taken in the Authorization header alone.';
  return countOf('authorization', request.raw.rawHeaders) > 1
    ? 'There is more than one Authorization header.'
    : undefined;
}

/** How often a header came; `headers` would show one of an Authorization. */
function countOf(name: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]!.length === name.length && rawHeaders[index]!.toLowerCase() === name) count += 1;
  return count;
}
