import type { IncomingHttpHeaders } from 'node:http';

/** An id and a secret as a Basic header holds them (RFC 7617 §2), not decoded further. */
export interface BasicCredentials {
  clientId: string;
  clientSecret: string;
}

/** What an Authorization header says, read strictly (RFC 9110 §11.4). */
export type Authorization =
  | { scheme: 'none' }
  | ({ scheme: 'basic' } & BasicCredentials)
  | { scheme: 'bearer' | 'dpop'; token: string }
  | { scheme: 'malformed'; of: 'basic' | 'bearer' | 'dpop' }
  | { scheme: 'other' };

const HEADER = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?: +(.*))?$/;
const TOKEN_68 = /^[A-Za-z0-9._~+/-]+=*$/;
const ENCODED = /[%+]/;
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BASE_64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

const AUTHORIZATION = Symbol('authorization');

/** What a request's Authorization header says; it is read once, however many ask. */
export function authorizationOf(request: {
  headers: IncomingHttpHeaders;
  [AUTHORIZATION]?: Authorization;
}): Authorization {
  return (request[AUTHORIZATION] ??= parseAuthorization(request.headers.authorization));
}

export function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined) return { scheme: 'none' };
  const [, name = '', value = ''] = HEADER.exec(header.trim()) ?? [];
  switch (name.toLowerCase()) {
    case 'bearer':
      return parseToken('bearer', value);
    // RFC 9449 §7.1.
    case 'dpop':
      return parseToken('dpop', value);
    case 'basic':
      return parseBasic(value) ?? { scheme: 'malformed', of: 'basic' };
    default:
      return { scheme: 'other' };
  }
}

function parseToken(scheme: 'bearer' | 'dpop', value: string): Authorization {
  return TOKEN_68.test(value) ? { scheme, token: value } : { scheme: 'malformed', of: scheme };
}

/** RFC 7617 §2: the user id ends at the first colon; all after it is the password. */
function parseBasic(value: string): Authorization | undefined {
  if (!BASE_64.test(value)) return undefined;
  let text: string;
  try {
    text = UTF_8.decode(Buffer.from(value, 'base64'));
  } catch {
    return undefined;
  }
  const colon = text.indexOf(':');
  if (colon <= 0 || text.includes('\u0000')) return undefined;
  return { scheme: 'basic', clientId: text.slice(0, colon), clientSecret: text.slice(colon + 1) };
}

/**
 * RFC 6749 §2.3.1 has ids and secrets form-encoded before they go into Basic; many clients do not.
 * The decoded reading comes first, then the raw one.
 */
export function basicReadings(
  clientId: string,
  clientSecret: string,
): { clientId: string; clientSecret: string }[] {
  const raw = { clientId, clientSecret };
  if (!ENCODED.test(clientId) && !ENCODED.test(clientSecret)) return [raw];
  try {
    const decoded = { clientId: formDecode(clientId), clientSecret: formDecode(clientSecret) };
    const same = decoded.clientId === clientId && decoded.clientSecret === clientSecret;
    return same || (decoded.clientId + decoded.clientSecret).includes('\u0000') ? [raw] : [decoded, raw];
  } catch {
    return [raw];
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
