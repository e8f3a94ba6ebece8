import { reached, Unreachable } from '../api/problem';

/**
 * The console as a public client of Postern: authorization code flow with PKCE (RFC 6749 §4.1,
 * RFC 7636), by redirects of the whole page. What has to outlive them (state, verifier, the page to
 * return to) lies in this tab's sessionStorage for as long as they take; tokens never do.
 */
export const CLIENT_ID = 'postern-console';
const PENDING = 'postern-console:sign-in';
const CALLBACK = '/console/callback';

/** Held in memory alone: a reload asks for others, which a browser that is signed in gets at once. */
export interface Tokens {
  accessToken: string;
  refreshToken: string | undefined;
  /** From then on another is asked for; milliseconds since 1970, by this browser's clock. */
  renewAt: number;
}

export interface Pending {
  state: string;
  verifier: string;
  returnTo: string;
}

interface TokenAnswer {
  access_token: string;
  refresh_token?: string;
  expires_in: number;
}

/** A token is renewed this long before its end, in milliseconds; one that is short-lived, at half of its life. */
const MARGIN_MS = 20_000;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Sign-in came to nothing; the message is for the person. */
export class SignInError extends Error {}

/**
 * Leaves the page for Postern's sign-in. A browser that is signed in already is back at once. The page
 * leaves no trace in the history: Back would lead to one that only sends forward again.
 * @throws SignInError, Unreachable
 */
export async function beginSignIn(returnTo: string): Promise<void> {
  if (!isSecureContext)
    throw new SignInError('Browsers sign in safely by HTTPS, or on the machine itself (localhost), alone.');
  const issuer = await issuerOfServer();
  if (issuer !== location.origin) return goTo(issuer, returnTo);
  const pending: Pending = { state: random(), verifier: random(), returnTo };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: location.origin + CALLBACK,
    state: pending.state,
    code_challenge: base64Url(await sha256(pending.verifier)),
    code_challenge_method: 'S256',
  });
  location.replace(`/oauth2/authorize?${parameters}`);
}

/** RFC 8414 §3. Sign-in leads back to the issuer's own address, by whichever other one the page was found. */
async function issuerOfServer(): Promise<string> {
  const response = await reach('/.well-known/oauth-authorization-server');
  const { issuer } = (await response.json()) as { issuer: string };
  return issuer;
}

/** One machine has several names for itself; between others, nobody is sent along unasked. */
function goTo(issuer: string, path: string): void {
  if (LOOPBACK.test(location.hostname) && LOOPBACK.test(new URL(issuer).hostname))
    return location.replace(issuer + path);
  throw new SignInError(
    `This server calls itself ${issuer}, and you came by ${location.origin}. Open ${issuer}/console, or have POSTERN_PUBLIC_URL set to the address that people use.`,
  );
}

export function isCallback({ pathname }: Location): boolean {
  return pathname === CALLBACK;
}

/** What this tab asked for, once: an answer is taken one time. */
export function takePending(): Pending | undefined {
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  return text ? (JSON.parse(text) as Pending) : undefined;
}

/**
 * Redeems the code that the authorization endpoint answered with.
 * @throws SignInError, Unreachable
 */
export function finishSignIn(answer: URLSearchParams, pending: Pending | undefined): Promise<Tokens> {
  if (!pending || answer.get('state') !== pending.state)
    throw new SignInError('This sign-in was begun elsewhere, or has been used already.');
  // RFC 9207 §2.4: the answer of another server is no answer.
  if (answer.get('iss') !== location.origin) throw new SignInError('The answer came from another server.');
  const error = answer.get('error');
  if (error === 'access_denied') throw new SignInError('The sign-in was broken off.');
  if (error) throw new SignInError(answer.get('error_description') ?? error);
  return request({
    grant_type: 'authorization_code',
    code: answer.get('code') ?? '',
    code_verifier: pending.verifier,
    redirect_uri: location.origin + CALLBACK,
  });
}

/** @throws SignInError where the refresh token is worth nothing any more; Unreachable */
export function refresh(refreshToken: string): Promise<Tokens> {
  return request({ grant_type: 'refresh_token', refresh_token: refreshToken });
}

/** Ends the refresh token's whole family (RFC 7009 §2.1). */
export async function revoke(refreshToken: string): Promise<void> {
  await reach('/oauth2/revoke', new URLSearchParams({ token: refreshToken, client_id: CLIENT_ID }));
}

async function request(parameters: Record<string, string>): Promise<Tokens> {
  const response = await reach('/oauth2/token', new URLSearchParams({ ...parameters, client_id: CLIENT_ID }));
  const body = (await response.json().catch(() => ({}))) as TokenAnswer & { error_description?: string };
  if (!response.ok) throw new SignInError(body.error_description ?? 'The sign-in was not taken.');
  return {
    accessToken: body.access_token,
    refreshToken: body.refresh_token,
    renewAt: Date.now() + body.expires_in * 1000 - Math.min(MARGIN_MS, body.expires_in * 500),
  };
}

/** @throws Unreachable where there is no answer, or none that says anything of what was asked */
async function reach(path: string, body?: URLSearchParams): Promise<Response> {
  const response = await reached(fetch(path, body && { method: 'POST', body }));
  if (response.status >= 500 || response.status === 429) throw new Unreachable();
  return response;
}

function random(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)).buffer);
}

function sha256(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
}

function base64Url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
