import { OAuthError, requestedAudience } from '#oauth-protocol';
import type { LockedGrant } from '../../authorization-grants/authorization-grants.js';

/**
 * RFC 8707 §2.2: of the resources that a person gave a client tokens for, those that are asked for, or all; as
 * far as the client may still ask for them.
 * @returns null for Postern itself
 * @throws OAuthError `invalid_target` where something else is asked for, or nothing is left
 */
export function audienceStillGiven(
  asked: readonly string[],
  { grant }: LockedGrant,
  client: { resources: readonly string[] },
  issuer: string,
): string[] | null {
  const given = grant.resources ?? [issuer];
  const beyond = asked.find((resource) => !given.includes(resource));
  if (beyond !== undefined)
    throw new OAuthError('invalid_target', `This was not given for ${beyond.slice(0, 200)}.`);
  const wanted = asked.length > 0 ? asked : given;
  const left = wanted.filter((resource) => resource === issuer || client.resources.includes(resource));
  if (left.length === 0) throw new OAuthError('invalid_target', 'Nothing is left of the resources.');
  return requestedAudience(left, client.resources, issuer);
}
