import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthorizationCode, ClientCredentials } from 'simple-oauth2';
import { ApiClient } from '../support/api-client.js';
import { createTestEnvironment, type TestEnvironment } from '../support/create-test-environment.js';
import { CALLBACK, registerWebApplication, type Application } from './applications.js';
import { approve } from './scripted-sign-in.js';

describe('simple-oauth2', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment();
  });
  afterAll(() => env.close());

  const optionsOf = (
    { clientId, clientSecret }: Application,
    authorizationMethod: 'header' | 'body' = 'header',
  ) => ({
    client: { id: clientId, secret: clientSecret! },
    auth: {
      tokenHost: env.url,
      tokenPath: '/oauth2/token',
      revokePath: '/oauth2/revoke',
    },
    options: { authorizationMethod },
  });

  /** It has no introspection of its own. */
  async function isActive({ clientId, clientSecret }: Application, token: string): Promise<boolean> {
    const { body } = await ApiClient.basic(env.url, clientId, clientSecret!).post('/oauth2/introspect', {
      body: new URLSearchParams({ token }),
    });
    return body.active;
  }

  it.each(['header', 'body'] as const)(
    'gets a token by client credentials in the %s, and revokes it',
    async (authorizationMethod) => {
      const application = await registerWebApplication(env);
      const client = new ClientCredentials(optionsOf(application, authorizationMethod));
      const granted = await client.getToken({ scope: ['devices:read', 'users:read'] });
      expect(granted.token).toMatchObject({ token_type: 'Bearer', scope: 'devices:read users:read' });
      expect(granted.expired()).toBe(false);
      const token = granted.token.access_token as string;
      expect(await isActive(application, token)).toBe(true);
      await granted.revoke('access_token');
      expect(await isActive(application, token)).toBe(false);
    },
  );

  it('runs the code flow with PKCE, refreshes and revokes', async () => {
    const application = await registerWebApplication(env);
    const { auth, ...rest } = optionsOf(application);
    const client = new AuthorizationCode({ ...rest, auth: { ...auth, authorizePath: '/oauth2/authorize' } });
    const codeVerifier = randomBytes(32).toString('base64url');
    const url = client.authorizeURL({
      redirect_uri: CALLBACK,
      scope: 'devices:read',
      state: 'a state',
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    } as Parameters<typeof client.authorizeURL>[0]);
    const callback = await approve(env, new URL(url));
    expect(callback.searchParams.get('state')).toBe('a state');

    const granted = await client.getToken({
      code: callback.searchParams.get('code')!,
      redirect_uri: CALLBACK,
      code_verifier: codeVerifier,
    } as Parameters<typeof client.getToken>[0]);
    const refreshed = await granted.refresh();
    expect(refreshed.token.refresh_token).not.toBe(granted.token.refresh_token);
    const token = refreshed.token.access_token as string;
    expect(await isActive(application, token)).toBe(true);
    await refreshed.revokeAll();
    expect(await isActive(application, token)).toBe(false);
    await expect(refreshed.refresh()).rejects.toThrow(/400/);
  });
});
