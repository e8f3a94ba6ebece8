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
  /** Milliseconds since 1970, by this browser's clock. */
  expiresAt: number;
}

interface Pending {
  state: string;
  verifier: string;
  returnTo: string;
}

interface TokenAnswer {
  access_token: string;
  refresh_token?: string;
  expires_in: number;
}

/** Sign-in came to nothing; the message is for the person. */
export class SignInError extends Error {}

/** Leaves the page for Postern's sign-in. A browser that is signed in already is back at once. */
export async function beginSignIn(returnTo: string): Promise<void> {
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
  location.assign(`/oauth2/authorize?${parameters}`);
}

export function isCallback({ pathname }: Location): boolean {
  return pathname === CALLBACK;
}

/**
 * Takes the answer of the authorization endpoint and redeems its code.
 * @throws SignInError
 */
export async function finishSignIn(search: string): Promise<{ tokens: Tokens; returnTo: string }> {
  const answer = new URLSearchParams(search);
  const pending = takePending();
  if (!pending || answer.get('state') !== pending.state)
    throw new SignInError('This sign-in was begun elsewhere, or has been used already.');
  // RFC 9207 §2.4: the answer of another server is no answer.
  if (answer.get('iss') !== location.origin) throw new SignInError('The answer came from another server.');
  const error = answer.get('error');
  if (error === 'access_denied') throw new SignInError('The sign-in was broken off.');
  if (error) throw new SignInError(answer.get('error_description') ?? error);
  const tokens = await request({
    grant_type: 'authorization_code',
    code: answer.get('code') ?? '',
    code_verifier: pending.verifier,
    redirect_uri: location.origin + CALLBACK,
  });
  return { tokens, returnTo: pending.returnTo };
}

/** @throws SignInError where the refresh token is worth nothing any more */
export function refresh(refreshToken: string): Promise<Tokens> {
  return request({ grant_type: 'refresh_token', refresh_token: refreshToken });
}

/** Ends the refresh token's whole family (RFC 7009 §2.1). */
export async function revoke(refreshToken: string): Promise<void> {
  await fetch('/oauth2/revoke', {
    method: 'POST',
    body: new URLSearchParams({ token: refreshToken, client_id: CLIENT_ID }),
  });
}

async function request(parameters: Record<string, string>): Promise<Tokens> {
  const response = await fetch('/oauth2/token', {
    method: 'POST',
    body: new URLSearchParams({ ...parameters, client_id: CLIENT_ID }),
  });
  const body = (await response.json().catch(() => ({}))) as TokenAnswer & { error_description?: string };
  if (response.status >= 500) throw new TypeError('The server does not answer.');
  if (!response.ok) throw new SignInError(body.error_description ?? 'The sign-in was not taken.');
  return {
    accessToken: body.access_token,
    refreshToken: body.refresh_token,
    expiresAt: Date.now() + body.expires_in * 1000,
  };
}

function takePending(): Pending | undefined {
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  return text ? (JSON.parse(text) as Pending) : undefined;
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
