import { Global, Module } from '@nestjs/common';
import { AuditEventReader } from './audit-event-reader.js';
import { AuditEventsController } from './audit-events.controller.js';
import { AuditLog } from './audit-log.js';
import { AuditPartitions } from './audit-partitions.js';

@Global()
@Module({
  controllers: [AuditEventsController],
  providers: [AuditLog, AuditPartitions, AuditEventReader],
  exports: [AuditLog],
})
export class AuditLogModule {}
