import { createHash } from 'node:crypto';
import type { Browser, PageResponse } from '../support/browser.js';
import type { TestEnvironment } from '../support/create-test-environment.js';
import { rawRequest, type RawAnswer } from '../support/raw-request.js';
import { unique } from '../support/unique.js';

export const CALLBACK = 'https://app.example.com/callback';
export const VERIFIER = 'a-verifier-of-RFC-7636_with.enough~characters-in-it';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** A confidential client that may ask for codes. */
export const CODE_CLIENT = {
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: [CALLBACK],
  scopes: ['users:read', 'devices:read'],
};

export interface CodeClient {
  clientId: string;
  /** Absent for a public client. */
  clientSecret: string;
}

export type Parameters = Record<string, string | undefined>;

/** A good request's parameters, with these in their place; undefined leaves one out. */
export function asking(clientId: string, changes: Parameters = {}): URLSearchParams {
  const parameters: Parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope: 'users:read',
    state: 'state-1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  };
  return new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== undefined) as [string, string][],
  );
}

export function authorize(env: TestEnvironment, query: URLSearchParams | string): Promise<RawAnswer> {
  return rawRequest(env.url, 'GET', `/oauth2/authorize?${query}`);
}

/** What a redirect told the client, beside where it went. */
export function answerOf(answer: RawAnswer | PageResponse): {
  to: string;
  parameters: Record<string, string>;
} {
  const location = locationOf(answer);
  if (answer.status !== 303 || !location)
    throw new Error(`This is no redirect: ${answer.status} ${answer.text}`);
  const mark = location.lastIndexOf('?');
  return {
    to: location.slice(0, mark),
    parameters: Object.fromEntries(new URLSearchParams(location.slice(mark + 1))),
  };
}

function locationOf(answer: RawAnswer | PageResponse): string | null | undefined {
  return 'location' in answer ? answer.location : answer.headers.location;
}

/** Whether the request was kept, and a person is asked. */
export function isKept({ status, headers }: RawAnswer): boolean {
  return status === 303 && /^\/oauth2\/consent\?request=[0-9a-f-]{36}$/.test(headers.location ?? '');
}

export function isErrorPage({ status, headers }: RawAnswer): boolean {
  return (
    status === 400 &&
    headers.location === undefined &&
    headers['content-type'] === 'text/html; charset=utf-8' &&
    headers['cache-control'] === 'no-store'
  );
}

/** Registers a client for codes, without the token that `registerClient` would also get. */
export async function codeClient(
  env: TestEnvironment,
  fields: Record<string, unknown> = {},
): Promise<CodeClient> {
  const { status, body, text } = await env.admin.post('/api/v1/clients', {
    body: { name: unique('client'), ...CODE_CLIENT, ...fields },
  });
  if (status !== 201) throw new Error(`The client was not registered: ${status} ${text}`);
  return { clientId: body.client_id, clientSecret: body.client_secret };
}

/** A browser's way to the consent page, or to whatever comes in its place. */
export async function openConsent(browser: Browser, query: URLSearchParams): Promise<PageResponse> {
  const { location } = await browser.get(`/oauth2/authorize?${query}`);
  if (!location?.startsWith('/oauth2/consent?')) throw new Error(`The request was not kept: ${location}`);
  return browser.get(location);
}

/** The code that a signed-in person's browser brings, asked or not. */
export async function codeFor(browser: Browser, query: URLSearchParams): Promise<string> {
  const page = await openConsent(browser, query);
  const answer =
    page.status === 303 ? page : await browser.submit(page, '/oauth2/consent', { decision: 'allow' });
  const { code } = answerOf(answer).parameters;
  if (!code) throw new Error(`No code was given: ${answer.location}`);
  return code;
}
