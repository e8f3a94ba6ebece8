import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Strategy } from 'passport';
import { BasicStrategy as HttpBasicStrategy } from 'passport-http';
import { Strategy as HttpBearerStrategy } from 'passport-http-bearer';
import { AccessTokenVerifier, type TokenVerification } from './access-token-verifier.js';
import { basicReadings } from './authorization-header.js';
import { ClientAuthenticator, type ClientAuthentication } from './client-authenticator.js';
import type { RequestOrigin } from './request-origin.js';

/**
 * What the strategies are handed instead of the request: an Authorization header that was parsed
 * strictly and written anew, with no body and no query in which they would look for a token.
 * passport-http cuts a secret at its first colon, so both parts travel percent-encoded.
 */
interface StrategyRequest {
  headers: { authorization: string };
  origin: RequestOrigin;
}

function basicRequest(clientId: string, clientSecret: string, origin: RequestOrigin): StrategyRequest {
  const credentials = [clientId, clientSecret].map((part) => `.${encodeURIComponent(part)}`).join(':');
  return { headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }, origin };
}

function bearerRequest(token: string, origin: RequestOrigin): StrategyRequest {
  return { headers: { authorization: `Bearer ${token}` }, origin };
}

/** What passport lends a strategy while it works: one of these ends it. */
interface Attempt<Result> {
  authenticate(request: StrategyRequest): void;
  success(result: Result): void;
  fail(): void;
  error(error: unknown): void;
}

/**
 * Has a strategy look at a request, as passport's own middleware does, without the sessions, the
 * redirects and the registry of the whole process that come with it.
 */
function attempt<Result>(strategy: Strategy, request: StrategyRequest): Promise<Result> {
  return new Promise((resolve, reject) => {
    const one = Object.create(strategy) as Attempt<Result>;
    one.success = resolve;
    one.fail = () => reject(new Error('The strategy refused a header that was parsed before.'));
    one.error = reject;
    one.authenticate(request);
  });
}

@Injectable()
export class BasicStrategy extends PassportStrategy(HttpBasicStrategy, 'basic') {
  constructor(private readonly clients: ClientAuthenticator) {
    super({ passReqToCallback: true });
  }

  /** What an id and a secret of a Basic header are worth. */
  try(clientId: string, clientSecret: string, origin: RequestOrigin): Promise<ClientAuthentication> {
    return attempt(this, basicRequest(clientId, clientSecret, origin));
  }

  validate(request: StrategyRequest, id: string, secret: string): Promise<ClientAuthentication> {
    const [clientId, clientSecret] = [id, secret].map((part) => decodeURIComponent(part.slice(1))) as [
      string,
      string,
    ];
    return this.clients.authenticate({ readings: basicReadings(clientId, clientSecret) }, request.origin);
  }
}

@Injectable()
export class BearerStrategy extends PassportStrategy(HttpBearerStrategy, 'bearer') {
  constructor(private readonly tokens: AccessTokenVerifier) {
    super({ passReqToCallback: true });
  }

  /** What a token of a Bearer header is worth. */
  try(token: string, origin: RequestOrigin): Promise<TokenVerification> {
    return attempt(this, bearerRequest(token, origin));
  }

  validate(request: StrategyRequest, token: string): Promise<TokenVerification> {
    return this.tokens.verify(token, request.origin);
  }
}
