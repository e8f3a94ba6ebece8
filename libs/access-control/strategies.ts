import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
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
export interface StrategyRequest {
  headers: { authorization: string };
  origin: RequestOrigin;
}

export function basicRequest(clientId: string, clientSecret: string, origin: RequestOrigin): StrategyRequest {
  const credentials = [clientId, clientSecret].map((part) => `.${encodeURIComponent(part)}`).join(':');
  return { headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }, origin };
}

export function bearerRequest(token: string, origin: RequestOrigin): StrategyRequest {
  return { headers: { authorization: `Bearer ${token}` }, origin };
}

@Injectable()
export class BasicStrategy extends PassportStrategy(HttpBasicStrategy, 'basic') {
  constructor(private readonly clients: ClientAuthenticator) {
    super({ passReqToCallback: true });
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

  validate(request: StrategyRequest, token: string): Promise<TokenVerification> {
    return this.tokens.verify(token, request.origin);
  }
}
