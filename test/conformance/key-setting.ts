import { ApiClient, type ApiResponse } from '../support/api-client.js';
import { Prover, postByKey, registerKeyClient, type KeyClient } from '../support/client-keys.js';
import { CHALLENGE, present, REDIRECT_URI, Setting, VERIFIER, type Parameters } from './setting.js';

/** Grants and scopes of the clients here. */
export const KEY_CLIENT = {
  grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
  scopes: ['users:read', 'devices:read', 'sessions:read'],
  redirect_uris: [REDIRECT_URI],
};

/** What a client pushes, in order. */
export const PUSHED: Parameters = {
  response_type: 'code',
  redirect_uri: REDIRECT_URI,
  scope: 'users:read',
  state: 'af0ifjsldkj',
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
};

/** The setting of the other specs, and a client of the profile fapi2 with a key of its own for proofs. */
export class KeySetting {
  private constructor(
    readonly setting: Setting,
    readonly client: KeyClient,
    readonly prover: Prover,
  ) {}

  static async create(): Promise<KeySetting> {
    const setting = await Setting.create();
    const client = await registerKeyClient(setting.env, { ...KEY_CLIENT, profile: 'fapi2' });
    return new KeySetting(setting, client, await Prover.create(setting.env));
  }

  get env() {
    return this.setting.env;
  }

  close = () => this.setting.close();

  /** A form by the client's key, with a proof and its nonce. */
  async send(
    path: string,
    form: Parameters,
    client = this.client,
    prover = this.prover,
  ): Promise<ApiResponse> {
    return prover.call('POST', path, undefined, (headers) =>
      postByKey(this.env, client, path, form, headers),
    );
  }

  /** By the client's key alone, with a proof where `headers` has one. */
  sendUnproven(
    path: string,
    form: Parameters,
    client = this.client,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    return postByKey(this.env, client, path, form, headers);
  }

  /** Without a proof: the key comes with the token request. */
  push(
    changes: Parameters = {},
    client = this.client,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    return this.sendUnproven('/oauth2/par', { ...PUSHED, ...changes }, client, headers);
  }

  async requestUri(changes: Parameters = {}, client = this.client): Promise<string> {
    const { status, body, text } = await this.push(changes, client);
    if (status !== 201) throw new Error(`Not pushed: ${status} ${text}`);
    return body.request_uri;
  }

  /** What a browser does with a `request_uri`. */
  authorize(requestUri: string, changes: Parameters = {}, client = this.client) {
    const query = present({ client_id: client.clientId, request_uri: requestUri, ...changes });
    return this.setting.browser.get(`/oauth2/authorize?${query}`);
  }

  /** Where the browser is sent in the end, the person having allowed it where he was asked. */
  async answer(requestUri: string, client = this.client): Promise<URL> {
    const { setting } = this;
    let page = await setting.follow(await this.authorize(requestUri, {}, client));
    if (page.status === 200)
      page = await setting.follow(
        await setting.browser.submit(page, '/oauth2/consent', { decision: 'allow' }),
      );
    if (!page.location) throw new Error(`No answer for the client: ${page.status} ${page.text}`);
    return new URL(page.location);
  }

  async code(changes: Parameters = {}, client = this.client): Promise<string> {
    const { searchParams } = await this.answer(await this.requestUri(changes, client), client);
    const code = searchParams.get('code');
    if (!code) throw new Error(`No code: ${searchParams}`);
    return code;
  }

  redeem(code: string, changes: Parameters = {}, prover = this.prover): Promise<ApiResponse> {
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: VERIFIER,
    };
    return this.send('/oauth2/token', { ...form, ...changes }, this.client, prover);
  }

  /** By the whole flow. */
  async tokens(): Promise<{ access_token: string; refresh_token: string; token_type: string }> {
    const { status, body, text } = await this.redeem(await this.code());
    if (status !== 200) throw new Error(`No tokens: ${status} ${text}`);
    return body;
  }

  /** By client credentials. */
  async ownToken(changes: Parameters = {}): Promise<string> {
    const { status, body, text } = await this.send('/oauth2/token', {
      grant_type: 'client_credentials',
      ...changes,
    });
    if (status !== 200) throw new Error(`No token: ${status} ${text}`);
    return body.access_token;
  }

  /** As a bearer token. */
  asBearer(token: string, path = '/pam/v1/users'): Promise<ApiResponse> {
    return ApiClient.bearer(this.env.url, token).get(path);
  }
}
