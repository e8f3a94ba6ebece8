export { FirstOwner } from './first-owner.js';
export { OperatorGrants } from './operator-grants.port.js';
export { OperatorsModule } from './operators.module.js';
export { passwordFault } from './passwords.js';
export { PendingAuthorizations, type PendingAuthorization } from './sign-in/pending-authorizations.port.js';
export { Sessions, type Session } from './sign-in/sessions.js';
export { SessionsModule } from './sign-in/sessions.module.js';
