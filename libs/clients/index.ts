export { BuiltInClients, CONSOLE_CLIENT, SWAGGER_UI_CLIENT } from './built-in-clients.js';
export { ClientTokens } from './client-tokens.port.js';
export type { ClientEntity } from './client.entity.js';
export { ClientsModule } from './clients.module.js';
export { DefaultClients, type DefaultClient } from './default-clients.js';
export { requireMayManage } from './delegation.js';
export { ClientStore } from './registration/client-store.js';
export { ScopeCatalogue } from './scopes/scope-catalogue.js';
export { StoredClientAuthenticator } from './stored-client-authenticator.js';
