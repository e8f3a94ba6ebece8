export { AuthorizationCodesModule } from './authorization-codes.module.js';
export { AuthorizingClients, type AuthorizingClient } from './authorizing-clients.port.js';
export { Grants, type NewGrant } from './grants.port.js';
export { SignedInPeople, type SignedIn } from './signed-in-people.port.js';
