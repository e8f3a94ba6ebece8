import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import {
  CALLBACK,
  registerNativeApplication,
  registerWebApplication,
  type Application,
} from './applications.js';
import { approve } from './scripted-sign-in.js';

describe('openid-client', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment();
  });
  afterAll(() => env.close());

  function configurationOf({ clientId, clientSecret }: Application): Promise<openid.Configuration> {
    const authentication = clientSecret ? openid.ClientSecretBasic(clientSecret) : openid.None();
    return openid.discovery(new URL(env.url), clientId, undefined, authentication, {
      algorithm: 'oauth2',
      execute: [openid.allowInsecureRequests],
    });
  }

  it('gets a token by client credentials, introspects it and revokes it', async () => {
    const configuration = await configurationOf(await registerWebApplication(env));
    const granted = await openid.clientCredentialsGrant(configuration, { scope: 'users:read' });
    expect(granted).toMatchObject({ token_type: 'bearer', scope: 'users:read' });
    expect(await openid.tokenIntrospection(configuration, granted.access_token)).toMatchObject({
      active: true,
    });
    await openid.tokenRevocation(configuration, granted.access_token);
    expect(await openid.tokenIntrospection(configuration, granted.access_token)).toEqual({ active: false });
  });

  it.each([
    ['a confidential client', registerWebApplication],
    ['a public client', registerNativeApplication],
  ])('runs the code flow with PKCE as %s, refreshes and revokes', async (_, register) => {
    const configuration = await configurationOf(await register(env));
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const expectedState = openid.randomState();
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: CALLBACK,
      scope: 'devices:read',
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
    });

    const granted = await openid.authorizationCodeGrant(configuration, await approve(env, url), {
      pkceCodeVerifier,
      expectedState,
    });
    const read = await openid.fetchProtectedResource(
      configuration,
      granted.access_token,
      new URL(`${env.url}/pam/v1/devices`),
      'GET',
    );
    expect(read.status).toBe(200);
    const refreshed = await openid.refreshTokenGrant(configuration, granted.refresh_token!);
    await openid.tokenRevocation(configuration, refreshed.refresh_token!);
    await expect(openid.refreshTokenGrant(configuration, refreshed.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(
      openid.fetchProtectedResource(
        configuration,
        refreshed.access_token,
        new URL(`${env.url}/pam/v1/devices`),
        'GET',
      ),
    ).rejects.toMatchObject({ status: 401 });
  });
});
