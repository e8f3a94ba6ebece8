export { AuthorizationCodesModule, AuthorizationStoreModule } from './authorization-codes.module.js';
export { AuthorizationCodeStore } from './authorization-code-store.js';
export { AuthorizationEndpoint } from './authorize/authorization-endpoint.js';
export { AuthorizationParameters } from './request-parameters.js';
export { AuthorizationRequests } from './authorization-requests.js';
export { AuthorizingClients, type AuthorizingClient } from './authorizing-clients.port.js';
export { Grants, type LiveGrants, type NewGrant } from './grants.port.js';
export { SignedInPeople, type SignedIn } from './signed-in-people.port.js';
