import type { FormParameters } from '#http-api';
import { OAuthError } from '#oauth-protocol';

/** @throws OAuthError `invalid_request` where it is missing or empty (RFC 6749 §3.2) */
export function requiredParameter(parameters: FormParameters, name: string): string {
  const value = parameters.get(name);
  if (!value) throw new OAuthError('invalid_request', `${name} is missing.`);
  return value;
}
