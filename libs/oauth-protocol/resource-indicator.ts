import { OAuthError } from './errors.js';

const MAX_LENGTH = 2000;

/**
 * What is wrong with a resource indicator, or undefined (RFC 8707 §2): an absolute URI without a fragment,
 * and here by https, http or urn.
 */
export function resourceFault(uri: string): string | undefined {
  if (uri.length > MAX_LENGTH) return `must not be longer than ${MAX_LENGTH} characters`;
  if (!/^[\x21-\x7e]+$/.test(uri) || /[\\"<>^`{|}]/.test(uri)) return 'must be a URI of printable ASCII';
  if (uri.includes('#')) return 'must not have a fragment';
  if (!/^(https?:\/\/[^/?]|urn:[a-z0-9])/i.test(uri) || !URL.canParse(uri))
    return 'must be an absolute URI, by https, http or urn';
  return undefined;
}

/**
 * RFC 8707 §2: the resources that a token is asked for, where all are among those that it may be for.
 * @param asked the values of `resource`
 * @param allowed beside the issuer itself
 * @returns null for the issuer itself, which a token is for where nobody else was named
 * @throws OAuthError `invalid_target`
 */
export function requestedAudience(
  asked: readonly string[],
  allowed: readonly string[],
  issuer: string,
): string[] | null {
  for (const resource of asked) {
    const fault = resourceFault(resource);
    if (fault) throw new OAuthError('invalid_target', `resource ${fault}.`);
    if (resource !== issuer && !allowed.includes(resource))
      throw new OAuthError('invalid_target', `The client may not ask tokens for ${resource.slice(0, 200)}.`);
  }
  return asked.every((resource) => resource === issuer) ? null : [...new Set(asked)];
}
