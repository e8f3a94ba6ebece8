import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import { createTestEnvironment, unique, type TestEnvironment } from '../support/create-test-environment.js';
import { CALLBACK } from './applications.js';
import { approve } from './scripted-sign-in.js';

/** Tests speak http to loopback. */
const http = { [oauth.allowInsecureRequests]: true };

let env: TestEnvironment;
let as: oauth.AuthorizationServer;
beforeAll(async () => {
  env = await createTestEnvironment();
  const issuer = new URL(env.url);
  const discovery = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...http });
  as = await oauth.processDiscoveryResponse(issuer, discovery);
});
afterAll(() => env.close());

/** What a bank's application does, by a library that was certified for the FAPI 2.0 Security Profile. */
describe.each(['ES256', 'PS256', 'Ed25519'])('a FAPI 2.0 client by oauth4webapi, with keys for %s', (alg) => {
  let client: oauth.Client;
  let authentication: oauth.ClientAuth;
  let DPoP: oauth.DPoPHandle;
  beforeAll(async () => {
    const keys = await oauth.generateKeyPair(alg, { extractable: true });
    const { status, body } = await env.admin.post('/api/v1/clients', {
      body: {
        name: unique('bank'),
        profile: 'fapi2',
        jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'first' }] },
        grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
        scopes: ['users:read', 'devices:read', 'tokens:introspect'],
        redirect_uris: [CALLBACK],
      },
    });
    expect(status).toBe(201);
    client = { client_id: body.client_id };
    authentication = oauth.PrivateKeyJwt({ key: keys.privateKey, kid: 'first' });
    DPoP = oauth.DPoP(client, await oauth.generateKeyPair(alg));
  });

  /** Once more where the server gave a nonce (RFC 9449 §8). */
  async function withNonce<Result>(request: () => Promise<Result>): Promise<Result> {
    try {
      return await request();
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error;
      return request();
    }
  }

  const read = (token: string) =>
    withNonce(() =>
      oauth.protectedResourceRequest(token, 'GET', new URL(`${env.url}/pam/v1/users`), undefined, undefined, {
        DPoP,
        ...http,
      }),
    );

  it('pushes its request, redeems the code, reads, refreshes without rotation, introspects and revokes', async () => {
    const codeVerifier = oauth.generateRandomCodeVerifier();
    const parameters = new URLSearchParams({
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'users:read',
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    const pushed = await withNonce(async () =>
      oauth.processPushedAuthorizationResponse(
        as,
        client,
        await oauth.pushedAuthorizationRequest(as, client, authentication, parameters, { DPoP, ...http }),
      ),
    );
    const url = new URL(as.authorization_endpoint!);
    url.search = new URLSearchParams({
      client_id: client.client_id,
      request_uri: pushed.request_uri,
    }).toString();
    // No state: PKCE and PAR are what protects it, and the issuer comes with the answer.
    const callback = oauth.validateAuthResponse(as, client, await approve(env, url), oauth.expectNoState);

    const granted = await withNonce(async () =>
      oauth.processAuthorizationCodeResponse(
        as,
        client,
        await oauth.authorizationCodeGrantRequest(
          as,
          client,
          authentication,
          callback,
          CALLBACK,
          codeVerifier,
          {
            DPoP,
            ...http,
          },
        ),
      ),
    );
    expect(granted).toMatchObject({ token_type: 'dpop', scope: 'users:read' });
    expect((await read(granted.access_token)).status).toBe(200);

    const refreshed = await withNonce(async () =>
      oauth.processRefreshTokenResponse(
        as,
        client,
        await oauth.refreshTokenGrantRequest(as, client, authentication, granted.refresh_token!, {
          DPoP,
          ...http,
        }),
      ),
    );
    expect([refreshed.token_type, refreshed.refresh_token]).toEqual(['dpop', undefined]);
    expect((await read(refreshed.access_token)).status).toBe(200);

    const introspected = await oauth.processIntrospectionResponse(
      as,
      client,
      await oauth.introspectionRequest(as, client, authentication, refreshed.access_token, http),
    );
    expect(introspected).toMatchObject({ active: true, cnf: { jkt: await DPoP.calculateThumbprint() } });

    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, authentication, granted.refresh_token!, http),
    );
    await expect(read(refreshed.access_token)).rejects.toMatchObject({ status: 401 });
  });

  it('gets a bound token for itself, and a signed answer about it', async () => {
    const granted = await withNonce(async () =>
      oauth.processClientCredentialsResponse(
        as,
        client,
        await oauth.clientCredentialsGrantRequest(as, client, authentication, new URLSearchParams(), {
          DPoP,
          ...http,
        }),
      ),
    );
    expect(granted.token_type).toBe('dpop');
    const signed = { ...client, introspection_signed_response_alg: 'ES256' };
    const response = await oauth.introspectionRequest(as, signed, authentication, granted.access_token, http);
    const answer = await oauth.processIntrospectionResponse(as, signed, response);
    expect(answer).toMatchObject({ active: true, token_type: 'DPoP' });
    await oauth.validateApplicationLevelSignature(as, response, http);
  });
});
