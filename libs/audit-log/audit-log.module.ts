import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';
import { AuditPartitions } from './audit-partitions.js';

@Global()
@Module({
  providers: [AuditLog, AuditPartitions],
  exports: [AuditLog],
})
export class AuditLogModule {}
