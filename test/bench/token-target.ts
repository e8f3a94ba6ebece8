import type { Target } from './load.js';

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export const isOpaque = (body: string): boolean => body.startsWith('{"access_token":"pst_');

/** Token requests with the client credentials grant, as the client that `authorization` is of. */
export function tokenTarget(
  url: string,
  authorization: string,
  isRight: Target['isRight'] = isOpaque,
  parameters: Record<string, string> = {},
): Target {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...parameters }).toString();
  return { url, method: 'POST', headers: { ...FORM, authorization }, body, isRight };
}
