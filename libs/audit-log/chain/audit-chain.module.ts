import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { AuditCopying } from '../copy/audit-copying.js';
import { AuditCheckpoints } from './audit-checkpoints.js';
import { AuditRetention } from './audit-retention.js';
import { AuditUpkeep } from './audit-upkeep.js';
import { ChainVerification } from './chain-verification.js';
import { VerificationController } from './verification.controller.js';

/** What becomes of events once they are recorded. */
@Module({})
export class AuditChainModule {
  /** @param ports binds CheckpointSigning; `imports` brings the module that serves it */
  static register(imports: ModuleMetadata['imports'], ports: Provider[]): DynamicModule {
    return {
      module: AuditChainModule,
      imports,
      controllers: [VerificationController],
      providers: [...ports, AuditCheckpoints, AuditRetention, AuditUpkeep, ChainVerification, AuditCopying],
      exports: [AuditUpkeep, ChainVerification, AuditCopying],
    };
  }
}
