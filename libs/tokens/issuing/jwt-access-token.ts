import { OAuthError } from '#oauth-protocol';
import type { AccessTokenEntity } from '../access-token.entity.js';
import type { JwsSigner } from '../signing-keys/jws-signer.js';

/** Characters of a JWT at most: a request's headers hold 16 KB, and proxies often less. */
const MAX_LENGTH = 8192;

/** RFC 7515 §3.1: header, payload and signature; the header is a JSON object. */
const COMPACT_JWS = /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** RFC 7519 §4.3: what another system's readers look for, beside the claims of RFC 9068. */
export type PrivateClaims = Record<string, string | readonly string[]>;

/** What a token says beyond its row. */
export interface TokenDetails {
  /** When the person signed in for whom it speaks. */
  authenticatedAt?: Date;
  /** Only a JWT has room for them. */
  claims?: PrivateClaims;
}

export interface JwtContent extends TokenDetails {
  token: Pick<
    AccessTokenEntity,
    'id' | 'clientId' | 'subject' | 'scopes' | 'issuedAt' | 'expiresAt' | 'dpopJkt' | 'audience'
  >;
  issuer: string;
}

/**
 * An access token by RFC 9068 §2. Where its client asked for nobody else (RFC 8707), it is meant for what
 * Postern protects and for whoever trusts it, so that its audience is the issuer itself, the default
 * resource of §3.
 * @throws OAuthError `invalid_scope` where its scopes are more than it can carry
 */
export function jwtAccessToken(
  { token, authenticatedAt, claims, issuer }: JwtContent,
  signer: JwsSigner,
): string {
  const jwt = signer.sign('at+jwt', {
    ...claims,
    client_id: token.clientId,
    scope: token.scopes.join(' '),
    ...(authenticatedAt ? { auth_time: seconds(authenticatedAt) } : {}),
    iss: issuer,
    aud: audienceClaim(token.audience, issuer),
    ...(token.dpopJkt === null ? {} : { cnf: { jkt: token.dpopJkt } }),
    sub: token.subject ?? token.clientId,
    jti: token.id,
    iat: seconds(token.issuedAt),
    exp: seconds(token.expiresAt),
  });
  if (jwt.length <= MAX_LENGTH) return jwt;
  throw new OAuthError('invalid_scope', 'These scopes are more than a JWT can carry; ask for fewer.');
}

/** RFC 7519 §4.1.3: of one a text, of several a list. */
export function audienceClaim(
  audience: readonly string[] | null,
  issuer: string,
): string | readonly string[] {
  if (audience === null) return issuer;
  return audience.length === 1 ? audience[0]! : audience;
}

/** Whether it is worth looking up; says nothing of who made it. */
export function looksLikeJwt(text: string): boolean {
  return text.length <= MAX_LENGTH && COMPACT_JWS.test(text);
}

/** RFC 7519 §2, NumericDate; without the fraction, so that it never ends later than the record says. */
function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
