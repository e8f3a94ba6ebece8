import { unique, type TestEnvironment } from '../support/create-test-environment.js';

export const CALLBACK = 'http://127.0.0.1:8912/callback';

export interface Application {
  clientId: string;
  /** A public client has none. */
  clientSecret?: string;
}

/** A confidential client that may use every grant, and asks about its own tokens. */
export async function registerWebApplication(
  env: TestEnvironment,
  fields: Record<string, unknown> = {},
): Promise<Required<Application>> {
  const { clientId, clientSecret } = await register(env, {
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    scopes: ['devices:read', 'users:read', 'tokens:introspect'],
    ...fields,
  });
  return { clientId, clientSecret: clientSecret! };
}

/** A public client, as on a desktop (RFC 8252). */
export function registerNativeApplication(env: TestEnvironment): Promise<Application> {
  return register(env, {
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    scopes: ['devices:read', 'users:read'],
  });
}

async function register(env: TestEnvironment, fields: Record<string, unknown>): Promise<Application> {
  const { status, body, text } = await env.admin.post('/api/v1/clients', {
    body: { name: unique('application'), redirect_uris: [CALLBACK], ...fields },
  });
  if (status !== 201) throw new Error(`The application was not registered: ${status} ${text}`);
  return { clientId: body.client_id, clientSecret: body.client_secret };
}
