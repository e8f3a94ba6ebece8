export type { AuditEventDto } from './audit-event.dto.js';
export { AUDIT_EVENTS } from './audit-event-list.js';
export { AuditEventReader } from './audit-event-reader.js';
export type {
  AuditEventDetails,
  RevocationReason,
  SecondFactor,
  SecondFactorFailure,
  SignInFailure,
} from './audit-event-types.js';
export type { NewAuditEvent } from './audit-event.js';
export { AuditLog, insertAuditEventsSql } from './audit-log.js';
export { AuditLogModule } from './audit-log.module.js';
export { AuditChainModule } from './chain/audit-chain.module.js';
export { LAST_CHECKPOINT_KEY } from './chain/audit-checkpoints.js';
export { AuditUpkeep } from './chain/audit-upkeep.js';
export { ChainVerification, type Verification } from './chain/chain-verification.js';
export { CheckpointSigning, type CheckpointKeys } from './chain/checkpoint-keys.port.js';
export type { CheckpointClaims } from './chain/checkpoint.js';
export { AuditCopying } from './copy/audit-copying.js';
export { presentVerification } from './chain/verification.controller.js';
