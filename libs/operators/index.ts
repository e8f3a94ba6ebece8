export { OperatorGrants } from './operator-grants.port.js';
export { OperatorsModule } from './operators.module.js';
export { PendingAuthorizations, type PendingAuthorization } from './sign-in/pending-authorizations.port.js';
