import type { Principal, RequestOrigin } from '#access-control';
import type { TriedBy } from './sign-in/password-check.js';

/** Who does it, as audit events name him. */
export function acting({ actor, origin, clientId, tokenId }: Principal & { origin: RequestOrigin }): TriedBy {
  return { actor, origin, client_id: clientId, token_id: tokenId };
}
