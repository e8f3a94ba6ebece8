import { expect } from '@jest/globals';
import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { Browser, signedIn, type PageResponse } from '../support/browser.js';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { addPerson } from '../support/people.js';

/** Undefined leaves a parameter out. */
export type Parameters = Record<string, string | undefined>;

/** A client as its own side knows it; a public one has no secret. */
export interface Client {
  clientId: string;
  clientSecret?: string;
}

export interface Code {
  code: string;
  redirectUri: string;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  scope: string;
}

export const REDIRECT_URI = 'https://app.example.com/callback';
export const OTHER_URI = 'https://app.example.com/other';

/** RFC 7636, appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** A secret that was never given to anybody, of the length of one that was. */
export const WRONG_SECRET = 'not-the-secret-of-any-client-here';

const SCOPES = ['users:read', 'devices:read', 'sessions:read'];

/** A server, a person who may sign in, and a confidential and a public client that may ask him. */
export class Setting {
  private constructor(
    readonly env: TestEnvironment,
    readonly person: { username: string; password: string },
    /** Where that person is signed in. */
    readonly browser: Browser,
    readonly confidential: Required<Client>,
    readonly native: Client,
  ) {}

  static async create(variables: Record<string, string> = {}): Promise<Setting> {
    const env = await createTestEnvironment({ variables });
    const { username, password } = await addPerson(env);
    const person = { username, password };
    return new Setting(
      env,
      person,
      await signedIn(env, person),
      await registerConfidential(env),
      await registerPublic(env),
    );
  }

  close = () => this.env.close();

  registerConfidential = (fields: Record<string, unknown> = {}) => registerConfidential(this.env, fields);
  registerPublic = (fields: Record<string, unknown> = {}) => registerPublic(this.env, fields);

  /** An authorization request as a client sends a browser there with it; nothing is followed. */
  ask(client: Client, parameters: Parameters = {}, browser = this.browser): Promise<PageResponse> {
    return browser.get(`/oauth2/authorize?${this.authorizationRequest(client, parameters)}`);
  }

  authorizationRequest(client: Client, parameters: Parameters = {}): string {
    return present({
      response_type: 'code',
      client_id: client.clientId,
      redirect_uri: REDIRECT_URI,
      scope: 'users:read',
      state: 'af0ifjsldkj',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      ...parameters,
    }).toString();
  }

  /** The way of an authorization request through our own pages: the first answer that is no way on. */
  async follow(answer: PageResponse, browser = this.browser): Promise<PageResponse> {
    let current = answer;
    for (let steps = 0; this.isHere(current.location) && steps < 5; steps += 1)
      current = await browser.get(this.pathOf(current.location!));
    return current;
  }

  /** What the client gets in the end (RFC 6749 §4.1.2), the person having allowed it where he was asked. */
  async response(client: Client, parameters: Parameters = {}, browser = this.browser): Promise<URL> {
    let page = await this.follow(await this.ask(client, parameters, browser), browser);
    if (page.status === 200) page = await this.follow(await allow(browser, page), browser);
    if (!page.location) throw new Error(`No answer for the client: ${page.status} ${page.text}`);
    return new URL(page.location);
  }

  async code(client: Client, parameters: Parameters = {}, browser = this.browser): Promise<Code> {
    const { searchParams } = await this.response(client, parameters, browser);
    const code = searchParams.get('code');
    if (!code) throw new Error(`No code: ${searchParams}`);
    return { code, redirectUri: parameters.redirect_uri ?? REDIRECT_URI };
  }

  /** A confidential client authenticates by Basic; a public one names itself. */
  tokenRequest(client: Client, parameters: Parameters): Promise<ApiResponse> {
    return this.formRequest('/oauth2/token', client, parameters);
  }

  redeem(client: Client, { code, redirectUri }: Code, parameters: Parameters = {}): Promise<ApiResponse> {
    return this.tokenRequest(client, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: VERIFIER,
      ...parameters,
    });
  }

  refresh(client: Client, refreshToken: string, parameters: Parameters = {}): Promise<ApiResponse> {
    return this.tokenRequest(client, {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      ...parameters,
    });
  }

  /** By the whole code flow. */
  async tokens(client: Client, parameters: Parameters = {}, browser = this.browser): Promise<Tokens> {
    const answer = await this.redeem(client, await this.code(client, parameters, browser));
    if (answer.status !== 200) throw new Error(`No tokens: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  /** By client credentials. */
  async ownToken(client: Required<Client> = this.confidential): Promise<string> {
    return this.env.token(client.clientId, client.clientSecret);
  }

  revoke(client: Client, parameters: Parameters): Promise<ApiResponse> {
    return this.formRequest('/oauth2/revoke', client, parameters);
  }

  introspect(parameters: Parameters, by: ApiClient = this.env.admin): Promise<ApiResponse> {
    return by.post('/oauth2/introspect', { body: present(parameters) });
  }

  async isActive(token: string): Promise<boolean> {
    const { status, body } = await this.introspect({ token });
    expect(status).toBe(200);
    return body.active;
  }

  /** A protected resource, asked with a token: the status. */
  async use(token: string, path = '/pam/v1/users'): Promise<number> {
    return (await ApiClient.bearer(this.env.url, token).get(path)).status;
  }

  metadata = async () =>
    (await this.env.anonymous.get('/.well-known/oauth-authorization-server')).body as Record<string, any>;

  private formRequest(path: string, client: Client, parameters: Parameters): Promise<ApiResponse> {
    const { clientId, clientSecret } = client;
    return clientSecret === undefined
      ? this.env.anonymous.post(path, { body: present({ client_id: clientId, ...parameters }) })
      : ApiClient.basic(this.env.url, clientId, clientSecret).post(path, { body: present(parameters) });
  }

  private isHere(location: string | null): boolean {
    return location !== null && new URL(location, this.env.url).origin === new URL(this.env.url).origin;
  }

  private pathOf(location: string): string {
    const { pathname, search } = new URL(location, this.env.url);
    return pathname + search;
  }
}

/** The person says yes on the consent page. */
export function allow(browser: Browser, page: PageResponse): Promise<PageResponse> {
  return browser.submit(page, '/oauth2/consent', { decision: 'allow' });
}

export function present(parameters: Parameters): URLSearchParams {
  return new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** RFC 6749 §5.2. */
export function expectError({ status, body }: ApiResponse, expected: number, error: string): void {
  expect({ status, error: body?.error }).toEqual({ status: expected, error });
}

/** RFC 6749 §4.1.2.1: back to the client, with this error. */
export function expectErrorRedirect({ status, location }: PageResponse, error: string): void {
  expect({ status, location }).toEqual({ status: 303, location: expect.any(String) });
  const { origin, pathname, searchParams } = new URL(location!);
  expect(origin + pathname).toBe(REDIRECT_URI);
  expect(searchParams.get('error')).toBe(error);
}

/** A page for the person, who goes nowhere by himself. */
export function expectPage({ status, location, headers }: PageResponse): void {
  expect({ status, location }).toEqual({ status: 400, location: null });
  expect(headers.get('content-type')).toMatch(/^text\/html/);
  expect(headers.get('refresh')).toBeNull();
}

/** Another token of the same form, but never issued. */
export function altered(secret: string): string {
  const middle = Math.floor(secret.length / 2);
  const other = secret[middle] === 'A' ? 'B' : 'A';
  return secret.slice(0, middle) + other + secret.slice(middle + 1);
}

async function registerConfidential(
  env: TestEnvironment,
  fields: Record<string, unknown> = {},
): Promise<Required<Client>> {
  const { body } = await register(env, {
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    ...fields,
  });
  return { clientId: body.client_id, clientSecret: body.client_secret };
}

async function registerPublic(env: TestEnvironment, fields: Record<string, unknown> = {}): Promise<Client> {
  const { body } = await register(env, {
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    ...fields,
  });
  return { clientId: body.client_id };
}

async function register(env: TestEnvironment, fields: Record<string, unknown>): Promise<ApiResponse> {
  const answer = await env.admin.post('/api/v1/clients', {
    body: { name: unique('client'), scopes: SCOPES, redirect_uris: [REDIRECT_URI], ...fields },
  });
  if (answer.status !== 201) throw new Error(`Not registered: ${answer.status} ${answer.text}`);
  return answer;
}
