import type { FormParameters } from '#http-api';
import {
  JWK_THUMBPRINT,
  OAuthError,
  parsePrompt,
  parseScope,
  requestedAudience,
  type Prompt,
} from '#oauth-protocol';
import type { AuthorizingClient } from '../authorizing-clients.port.js';
import { proofKeyOf } from './proof-key-check.js';

/** What a good request asks for. */
export interface Asked {
  scopes: string[];
  codeChallenge: string | null;
  prompt: Prompt[];
  /** The thumbprint of the key that is to redeem the code (RFC 9449 §10). */
  dpopJkt: string | null;
  /** The resources that the tokens are to be for; null for Postern itself. */
  resources: string[] | null;
}

/** How a request came. */
export interface RequestSetting {
  issuer: string;
  /** Whether the client pushed it (RFC 9126). */
  pushed: boolean;
  /** Parameters that the address requires beyond RFC 6749. */
  required?: readonly string[];
}

/**
 * The checks whose errors the client is told by a redirect (RFC 6749 §4.1.2.1):
 * 1. Nothing comes twice (§3.1), and no token comes at all (RFC 9700 §4.3.2).
 * 2. It was pushed where it must be (RFC 9126 §5).
 * 3. The request is in these parameters, not in an object or at an address (RFC 9101).
 * 4. It asks for a code, to come in the query.
 * 5. The client is registered for codes.
 * 6. The scopes are the client's own, and so are the resources (RFC 8707).
 * 7. There is a proof key where there must be one (RFC 7636).
 * 8. The prompt is one that is known, and the key that the code is bound to can be one (RFC 9449 §10).
 * @throws OAuthError
 */
export function checkRequest(
  parameters: FormParameters,
  client: AuthorizingClient,
  { issuer, pushed, required = [] }: RequestSetting,
): Asked {
  requireSingle(parameters);
  requirePushed(pushed, client);
  const missing = required.find((name) => !parameters.get(name));
  if (missing) throw new OAuthError('invalid_request', `${missing} is missing.`);
  if (parameters.has('access_token'))
    throw new OAuthError('invalid_request', 'Access tokens are taken in the Authorization header alone.');
  if (parameters.get('request'))
    throw new OAuthError('request_not_supported', 'Request objects are not supported.');
  if (parameters.get('request_uri'))
    throw new OAuthError('request_uri_not_supported', 'request_uri is not supported.');
  requireCodeInQuery(parameters);
  requireCodeGrant(client);
  return {
    scopes: scopesOf(parameters, client),
    codeChallenge: proofKeyOf(parameters, client),
    prompt: promptOf(parameters),
    dpopJkt: dpopJktOf(parameters),
    resources: requestedAudience(parameters.all('resource'), client.resources, issuer),
  };
}

/** Also asked again later: the client may be held to it since. @throws OAuthError `invalid_request` */
export function requirePushed(pushed: boolean, { requirePar, profile }: AuthorizingClient): void {
  if (pushed || !requirePar) return;
  const rule = profile === 'fapi2' ? 'FAPI 2.0 Security Profile, 5.3.2.2' : 'RFC 9126, 5';
  throw new OAuthError('invalid_request', `The requests of this client must be pushed (${rule}).`);
}

function dpopJktOf(parameters: FormParameters): string | null {
  const jkt = parameters.get('dpop_jkt') || null;
  if (jkt !== null && !JWK_THUMBPRINT.test(jkt))
    throw new OAuthError(
      'invalid_request',
      'dpop_jkt must be the SHA-256 thumbprint of a key (RFC 9449, 10).',
    );
  return jkt;
}

/** Also asked again later: the client may have lost the grant type since. @throws OAuthError `unauthorized_client` */
export function requireCodeGrant({ grantTypes }: AuthorizingClient): void {
  if (!grantTypes.includes('authorization_code'))
    throw new OAuthError('unauthorized_client', 'The client is not registered for authorization_code.');
}

function requireSingle(parameters: FormParameters): void {
  const known = parameters.repeated().filter((name) => /^[a-z_]{1,40}$/.test(name));
  if (parameters.repeated().length > 0)
    throw new OAuthError('invalid_request', `There is a repeated parameter: ${known.slice(0, 5).join(', ')}`);
}

function requireCodeInQuery(parameters: FormParameters): void {
  const responseType = parameters.get('response_type');
  if (!responseType) throw new OAuthError('invalid_request', 'response_type is missing.');
  if (responseType !== 'code')
    throw new OAuthError('unsupported_response_type', 'The one response_type here is code.');
  const responseMode = parameters.get('response_mode');
  if (responseMode && responseMode !== 'query')
    throw new OAuthError('invalid_request', 'The one response_mode here is query.');
}

/** RFC 6749 §3.3: what was asked for, all of the client's where nothing was. */
function scopesOf(parameters: FormParameters, client: AuthorizingClient): string[] {
  const scopes = parseScope(parameters.get('scope') ?? '');
  if (!scopes)
    throw new OAuthError('invalid_scope', 'scope holds a character that RFC 6749, 3.3 does not allow.');
  const beyond = scopes.filter((scope) => !client.scopes.includes(scope));
  if (beyond.length > 0)
    throw new OAuthError('invalid_scope', `The client does not have: ${beyond.join(', ').slice(0, 200)}.`);
  const asked = scopes.length > 0 ? scopes : client.scopes;
  if (asked.length === 0) throw new OAuthError('invalid_scope', 'The client has no scopes.');
  return asked;
}

function promptOf(parameters: FormParameters): Prompt[] {
  const prompt = parsePrompt(parameters.get('prompt') ?? '');
  if (!prompt)
    throw new OAuthError('invalid_request', 'prompt takes login and consent, or none, each of them once.');
  return prompt;
}
