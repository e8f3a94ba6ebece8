import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { ApiClient, type ApiResponse } from './api-client.js';
import { unique, type TestEnvironment } from './create-test-environment.js';

export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export type Claims = Record<string, unknown>;

/** A key pair, as its holder has it: for the assertions of a client, or for proofs. */
export class Key {
  private constructor(
    readonly alg: string,
    readonly privateKey: CryptoKey,
    /** With its kid. */
    readonly publicJwk: JWK,
    readonly privateJwk: JWK,
    /** RFC 7638, SHA-256. */
    readonly thumbprint: string,
  ) {}

  static async create(alg = 'ES256', { kid, modulusLength }: { kid?: string; modulusLength?: number } = {}) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength });
    const [publicJwk, privateJwk] = [await exportJWK(publicKey), await exportJWK(privateKey)];
    const thumbprint = await calculateJwkThumbprint(publicJwk);
    return new Key(alg, privateKey, { ...publicJwk, kid: kid ?? thumbprint }, privateJwk, thumbprint);
  }

  /** A JWT; what is undefined is left out of claims and header. */
  sign(claims: Claims, header: Claims = {}): Promise<string> {
    return new SignJWT(present(claims))
      .setProtectedHeader(present({ alg: this.alg, ...header }) as any)
      .sign(this.privateKey);
  }

  /** Of what a proof's header holds: nothing private, and no kid. */
  get embedded(): JWK {
    const { kid: _, ...jwk } = this.publicJwk;
    return jwk;
  }
}

/** JSON has no undefined, but a JWT's library wants none either. */
function present(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

/** Seconds since 1970, by the server's clock. */
export const now = (env: TestEnvironment) => Math.floor(env.clock.now().getTime() / 1000);

/** A client's assertion (RFC 7523), in order but for what is changed. */
export function assertionOf(
  env: TestEnvironment,
  { clientId, key }: { clientId: string; key: Key },
  claims: Claims = {},
  header: Claims = {},
): Promise<string> {
  const at = now(env);
  return key.sign(
    { iss: clientId, sub: clientId, aud: env.url, jti: randomUUID(), iat: at, exp: at + 60, ...claims },
    { kid: key.publicJwk.kid, ...header },
  );
}

/** A proof (RFC 9449 §4.2) for a call, in order but for what is changed. */
export function proofOf(
  env: TestEnvironment,
  key: Key,
  {
    method,
    path,
    accessToken,
    nonce,
  }: { method: string; path: string; accessToken?: string; nonce?: string },
  claims: Claims = {},
  header: Claims = {},
): Promise<string> {
  const ath = accessToken && createHash('sha256').update(accessToken).digest('base64url');
  const htu = env.url + path.split('?')[0];
  return key.sign(
    { jti: randomUUID(), htm: method, htu, iat: now(env), ath, nonce, ...claims },
    { typ: 'dpop+jwt', jwk: key.embedded, ...header },
  );
}

/** A client that proves who it is by a key. */
export interface KeyClient {
  clientId: string;
  key: Key;
}

export async function registerKeyClient(
  env: TestEnvironment,
  fields: Record<string, unknown> = {},
  alg = 'ES256',
): Promise<KeyClient> {
  const key = await Key.create(alg);
  const { status, body, text } = await env.admin.post('/api/v1/clients', {
    body: {
      name: unique('key client'),
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.publicJwk] },
      ...fields,
    },
  });
  if (status !== 201) throw new Error(`The client was not registered: ${status} ${text}`);
  return { clientId: body.client_id, key };
}

/** A form from a client that authenticates by its key. What is undefined is left out. */
export async function postByKey(
  env: TestEnvironment,
  client: KeyClient,
  path: string,
  form: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<ApiResponse> {
  const parameters = {
    client_assertion_type: JWT_BEARER,
    client_assertion: await assertionOf(env, client),
    ...form,
  };
  const body = new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return new ApiClient(env.url).post(path, { body, headers });
}

/**
 * Somebody who sends proofs of one key, and uses the nonces that he is given (RFC 9449 §8): whatever is asked
 * for without one, or with one that is over, is asked for again.
 */
export class Prover {
  private nonce: string | undefined;

  constructor(
    readonly env: TestEnvironment,
    readonly key: Key,
  ) {}

  static async create(env: TestEnvironment, alg?: string): Promise<Prover> {
    return new Prover(env, await Key.create(alg));
  }

  /** The headers of a call. */
  async headers(method: string, path: string, accessToken?: string): Promise<Record<string, string>> {
    return {
      ...(accessToken === undefined ? {} : { authorization: `DPoP ${accessToken}` }),
      dpop: await proofOf(this.env, this.key, { method, path, accessToken, nonce: this.nonce }),
    };
  }

  /** @param send sends it with these headers */
  async call(
    method: string,
    path: string,
    accessToken: string | undefined,
    send: (headers: Record<string, string>) => Promise<ApiResponse>,
  ): Promise<ApiResponse> {
    const first = await send(await this.headers(method, path, accessToken));
    this.nonce = first.headers.get('dpop-nonce') ?? undefined;
    if ((first.body?.error ?? first.body?.code) !== 'use_dpop_nonce') return first;
    return send(await this.headers(method, path, accessToken));
  }

  /** A read with a token that is bound to the key. */
  get(path: string, accessToken: string): Promise<ApiResponse> {
    return this.call('GET', path, accessToken, (headers) =>
      new ApiClient(this.env.url).get(path, { headers }),
    );
  }
}
