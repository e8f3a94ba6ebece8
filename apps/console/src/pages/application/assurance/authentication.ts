/** How an application proves who it is, by the API's names. */
export const AUTH_METHODS = [
  { value: 'client_secret_basic', label: 'Client secret, HTTP Basic' },
  { value: 'client_secret_post', label: 'Client secret, in the body' },
  { value: 'private_key_jwt', label: 'A key of its own (private_key_jwt)' },
  { value: 'none', label: 'Public client, no secret' },
] as const;

export const BY_KEY = 'private_key_jwt';

/** Whether it has a secret that can be shown, rotated and lost. */
export function hasSecret(method: string): boolean {
  return method !== 'none' && method !== BY_KEY;
}

/** Why one without a secret has none; undefined where it has. */
export function noSecretBecause(method: string): string | undefined {
  if (method === 'none') return 'A public client has no secret: it proves itself by PKCE.';
  if (method === BY_KEY)
    return 'It has no secret: it proves who it is by a key of its own, whose private half never comes here.';
  return undefined;
}
