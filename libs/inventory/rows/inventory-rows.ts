import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit-log';
import { Database } from '#database';
import { Clock, Problem } from '#http-api';
import { inventoryEvent, type ImportedBy } from '../inventory-event.js';
import { WritableResources, type WritableResource } from '../writable-resource.js';
import type { Row } from './row-check.js';
import { RowRemoval } from './row-removal.js';

/** Adds and removes single rows, each change in one transaction with its audit event. */
@Injectable()
export class InventoryRows {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly resources: WritableResources,
  ) {}

  /**
   * @returns the row as the read API shows it
   * @throws Problem 400 that names every field that is wrong, 409 where the id is taken
   */
  async create(resource: WritableResource, body: unknown, by: ImportedBy): Promise<Row> {
    const checked = resource.check.check(body);
    if ('faults' in checked) throw Problem.invalid(checked.faults);
    const { row } = checked;
    const now = this.clock.now();
    await this.database.transaction(async (transaction) => {
      const added = await resource.writer.add(transaction, by.customerId, row, now);
      if ('broken' in added) {
        throw Problem.invalid(
          added.broken.map((field) => ({ field, message: 'refers to what is not there' })),
        );
      }
      if (!added.created) throw Problem.conflict('id', `is that of another ${resource.schema.singular}`);
      await this.audit.record(transaction, inventoryEvent(resource, 'single', by, { created: 1 }));
    });
    return { ...row, updated_at: now };
  }

  /** @throws Problem 404 where the customer has no such row, 409 while others refer to it */
  async delete(resource: WritableResource, id: string, by: ImportedBy): Promise<void> {
    const removal = new RowRemoval(resource, this.resources);
    await this.database.transaction(async (transaction) => {
      const result = await removal.remove(transaction, by.customerId, 'doomed.id = $2', [id]);
      if ('referred' in result) {
        const { singular } = resource.schema;
        throw Problem.conflict('id', `is that of a ${singular} that ${result.referred[0]!.by} refer to`);
      }
      if (result.removed === 0) throw Problem.notFound(resource.schema.singular);
      await this.audit.record(transaction, inventoryEvent(resource, 'delete', by, { deleted: 1 }));
    });
  }
}
