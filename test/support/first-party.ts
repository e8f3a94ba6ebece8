import { answerOf, asking, VERIFIER } from '../authorize/asking.js';
import { ApiClient, type ApiResponse } from './api-client.js';
import { signedIn, type Browser } from './browser.js';
import type { TestEnvironment } from './create-test-environment.js';
import type { Person } from './people.js';

const CONSOLE = 'postern-console';
const callbackOf = ({ publicUrl }: TestEnvironment) => `${publicUrl}/console/callback`;

/** A person in Postern's own console: his browser, and what the console got by his signing in. */
export interface AtConsole {
  browser: Browser;
  accessToken: string;
  refreshToken: string;
  api: ApiClient;
}

/** Signs a person in to the console, as its page does. */
export async function atConsole(
  env: TestEnvironment,
  person?: Pick<Person, 'username' | 'password'>,
): Promise<AtConsole> {
  return consoleIn(env, await signedIn(env, person));
}

/** Opens the console in a browser in which somebody is signed in. */
export async function consoleIn(env: TestEnvironment, browser: Browser): Promise<AtConsole> {
  const { status, body, text } = await redeemAtConsole(env, await consoleCode(env, browser));
  if (status !== 200) throw new Error(`The console got no token: ${status} ${text}`);
  const { access_token: accessToken, refresh_token: refreshToken } = body;
  return { browser, accessToken, refreshToken, api: ApiClient.bearer(env.url, accessToken) };
}

/** The code that such a browser brings back to the console: nobody is asked. */
export async function consoleCode(env: TestEnvironment, browser: Browser): Promise<string> {
  const query = asking(CONSOLE, { redirect_uri: callbackOf(env), scope: undefined });
  const { location } = await browser.get(`/oauth2/authorize?${query}`);
  const { code } = answerOf(await browser.get(location!)).parameters;
  if (!code) throw new Error(`The console got no code: ${location}`);
  return code;
}

export function redeemAtConsole(env: TestEnvironment, code: string): Promise<ApiResponse> {
  const parameters = {
    grant_type: 'authorization_code',
    client_id: CONSOLE,
    code,
    redirect_uri: callbackOf(env),
    code_verifier: VERIFIER,
  };
  return env.anonymous.post('/oauth2/token', { body: new URLSearchParams(parameters) });
}

/** Whether the console can go on with its refresh token; that uses it up. */
export async function canRefresh(env: TestEnvironment, { refreshToken }: AtConsole): Promise<boolean> {
  const parameters = {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: CONSOLE,
  };
  const { status } = await env.anonymous.post('/oauth2/token', { body: new URLSearchParams(parameters) });
  return status === 200;
}
