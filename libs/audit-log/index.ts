export type { AuditEventDetails, RevocationReason, SignInFailure } from './audit-event-types.js';
export type { NewAuditEvent } from './audit-event.js';
export { AuditLog, insertAuditEventsSql } from './audit-log.js';
export { AuditLogModule } from './audit-log.module.js';
