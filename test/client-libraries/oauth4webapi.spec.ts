import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { CALLBACK, registerWebApplication, registerNativeApplication } from './applications.js';
import { approve } from './scripted-sign-in.js';

/** Tests speak http to loopback. */
const http = { [oauth.allowInsecureRequests]: true };

describe('oauth4webapi', () => {
  let env: TestEnvironment;
  let as: oauth.AuthorizationServer;
  beforeAll(async () => {
    env = await createTestEnvironment();
    const issuer = new URL(env.url);
    const discovery = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...http });
    as = await oauth.processDiscoveryResponse(issuer, discovery);
  });
  afterAll(() => env.close());

  describe.each([
    ['by Basic', oauth.ClientSecretBasic],
    ['in the body', oauth.ClientSecretPost],
  ])('authenticating %s', (_, method) => {
    it('gets a token by client credentials, introspects it and revokes it', async () => {
      const application = await registerWebApplication(env);
      const client = { client_id: application.clientId };
      const authentication = method(application.clientSecret);
      const parameters = new URLSearchParams({ scope: 'devices:read' });
      const granted = await oauth.processClientCredentialsResponse(
        as,
        client,
        await oauth.clientCredentialsGrantRequest(as, client, authentication, parameters, http),
      );
      expect(granted).toMatchObject({ token_type: 'bearer', scope: 'devices:read' });

      const introspect = async () =>
        oauth.processIntrospectionResponse(
          as,
          client,
          await oauth.introspectionRequest(as, client, authentication, granted.access_token, http),
        );
      expect(await introspect()).toMatchObject({ active: true, client_id: client.client_id, iss: as.issuer });
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(as, client, authentication, granted.access_token, http),
      );
      expect(await introspect()).toEqual({ active: false });
    });
  });

  it.each(['ES256', 'EdDSA'])('validates a JWT access token signed by %s', async (alg) => {
    const { clientId, clientSecret } = await registerWebApplication(env, {
      access_token_format: 'jwt',
      access_token_signing_alg: alg,
    });
    const token = await env.token(clientId, clientSecret);
    const request = new Request(`${env.url}/pam/v1/devices`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const claims = await oauth.validateJwtAccessToken(as, request, as.issuer, {
      signingAlgorithms: [alg],
      ...http,
    });
    expect(claims).toMatchObject({ client_id: clientId, sub: clientId });
  });

  it.each([
    ['a confidential client', registerWebApplication],
    ['a public client', registerNativeApplication],
  ])('runs the code flow with PKCE as %s, refreshes and revokes', async (_, register) => {
    const { clientId, clientSecret } = await register(env);
    const client = { client_id: clientId };
    const authentication = clientSecret ? oauth.ClientSecretBasic(clientSecret) : oauth.None();
    const codeVerifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const url = new URL(as.authorization_endpoint!);
    url.search = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'devices:read users:read',
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    }).toString();

    const callback = oauth.validateAuthResponse(as, client, await approve(env, url), state);
    const granted = await oauth.processAuthorizationCodeResponse(
      as,
      client,
      await oauth.authorizationCodeGrantRequest(
        as,
        client,
        authentication,
        callback,
        CALLBACK,
        codeVerifier,
        http,
      ),
    );
    expect(granted.refresh_token).toEqual(expect.any(String));
    const read = await oauth.protectedResourceRequest(
      granted.access_token,
      'GET',
      new URL(`${env.url}/pam/v1/devices`),
      undefined,
      undefined,
      http,
    );
    expect(read.status).toBe(200);

    const refreshed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, authentication, granted.refresh_token!, http),
    );
    expect(refreshed.refresh_token).not.toBe(granted.refresh_token);
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, authentication, refreshed.refresh_token!, http),
    );
    await expect(
      oauth
        .refreshTokenGrantRequest(as, client, authentication, refreshed.refresh_token!, http)
        .then((response) => oauth.processRefreshTokenResponse(as, client, response)),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
