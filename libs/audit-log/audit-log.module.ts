import { Global, Module } from '@nestjs/common';
import { AuditEventCounter } from './audit-event-counter.js';
import { AuditEventCountsController } from './audit-event-counts.controller.js';
import { AuditEventReader } from './audit-event-reader.js';
import { AuditEventsController } from './audit-events.controller.js';
import { AuditLog } from './audit-log.js';
import { AuditPartitions } from './audit-partitions.js';

@Global()
@Module({
  // The first, so that `counts` is no id.
  controllers: [AuditEventCountsController, AuditEventsController],
  providers: [AuditLog, AuditPartitions, AuditEventReader, AuditEventCounter],
  exports: [AuditLog],
})
export class AuditLogModule {}
