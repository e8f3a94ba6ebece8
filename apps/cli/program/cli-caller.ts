import { userInfo } from 'node:os';
import { NO_REQUEST, type Actor, type PersonCaller } from '#access-control';
import { ADMIN_SCOPES, Permissions } from '#oauth-protocol';

/** Who does what the command line does, as audit events name him: whoever the operating system says he is. */
export function cliActor(): Actor {
  return { kind: 'system', id: `postern-cli:${userName()}` };
}

/**
 * The caller that the services are given: whoever runs the command line holds the database, so that he
 * may what an owner may, in every customer.
 * @param customerId where he acts, e.g. where what he creates belongs
 */
export function cliCaller(customerId: string): PersonCaller {
  return {
    actor: cliActor(),
    customerId,
    permissions: new Permissions(Object.keys(ADMIN_SCOPES)),
    clientId: 'postern-cli',
    operator: { id: '00000000-0000-0000-0000-000000000000', role: 'owner', firstParty: true },
    origin: NO_REQUEST,
  };
}

/** A user id that no account has, as in some containers, is a name too. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
