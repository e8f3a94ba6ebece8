import { asking, codeClient, codeFor, VERIFIER, CALLBACK, type CodeClient } from '../authorize/asking.js';
import { ApiClient, type ApiResponse } from './api-client.js';
import { signedIn, type Browser } from './browser.js';
import { type TestEnvironment } from './create-test-environment.js';
import type { Person } from './people.js';

/** What a redeemed code gave. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** The code flow's second half, as a client that a person allowed something. */
export class CodeFlow {
  private constructor(
    readonly env: TestEnvironment,
    readonly client: CodeClient,
    /** A browser in which the person is signed in. */
    readonly browser: Browser,
  ) {}

  /** @param person who signs in; the owner where none is named */
  static async of(
    env: TestEnvironment,
    fields: Record<string, unknown> = {},
    person?: Pick<Person, 'username' | 'password'>,
  ): Promise<CodeFlow> {
    const browser = await signedIn(env, person);
    return new CodeFlow(env, await codeClient(env, fields), browser);
  }

  /** The same with another client of these fields. */
  async other(fields: Record<string, unknown> = {}): Promise<CodeFlow> {
    return new CodeFlow(this.env, await codeClient(this.env, fields), this.browser);
  }

  /** A code, by default for all of the client's usual scopes. */
  code(changes: Record<string, string | undefined> = {}): Promise<string> {
    const scope = 'users:read devices:read';
    return codeFor(this.browser, asking(this.client.clientId, { scope, ...changes }));
  }

  redeem(code: string, changes: Record<string, string | undefined> = {}, url?: string): Promise<ApiResponse> {
    const parameters = { redirect_uri: CALLBACK, code_verifier: VERIFIER, ...changes };
    return this.post('/oauth2/token', { grant_type: 'authorization_code', code, ...parameters }, url);
  }

  refresh(
    refreshToken: string,
    changes: Record<string, string | undefined> = {},
    url?: string,
  ): Promise<ApiResponse> {
    const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken, ...changes };
    return this.post('/oauth2/token', parameters, url);
  }

  revoke(token: string, changes: Record<string, string | undefined> = {}): Promise<ApiResponse> {
    return this.post('/oauth2/revoke', { token, ...changes });
  }

  /** A code, redeemed. */
  async tokens(): Promise<Tokens> {
    return tokensOf(await this.redeem(await this.code()));
  }

  /** A form from the client, which authenticates as it is registered. What is undefined is left out. */
  post(path: string, form: Record<string, string | undefined>, url = this.env.url): Promise<ApiResponse> {
    const { clientId, clientSecret } = this.client;
    const parameters = clientSecret ? form : { client_id: clientId, ...form };
    const present = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
    const api = clientSecret ? ApiClient.basic(url, clientId, clientSecret) : new ApiClient(url);
    return api.post(path, { body: new URLSearchParams(present) });
  }

  /** Whether an access token still reads. */
  async reads(accessToken: string, url = this.env.url): Promise<number> {
    return (await ApiClient.bearer(url, accessToken).get('/pam/v1/users')).status;
  }
}

/** @throws Error where none were given */
export function tokensOf({ status, body, text }: ApiResponse): Tokens {
  if (status !== 200) throw new Error(`No tokens were given: ${status} ${text}`);
  return { accessToken: body.access_token, refreshToken: body.refresh_token };
}

/** A public client's fields: no secret, and PKCE. */
export const PUBLIC_CLIENT = { token_endpoint_auth_method: 'none' };
