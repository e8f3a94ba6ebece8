import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit-log';
import { Database, violatesForeignKey } from '#database';
import { Clock, Problem } from '#http-api';
import { inventoryEvent, type ImportedBy } from '../inventory-event.js';
import { WritableResources, type WritableResource } from '../writable-resource.js';
import type { Row } from './row-check.js';

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
      const references = await resource.writer.missingReferences(transaction, by.customerId, [row]);
      const broken = references.filter(({ missing }) => missing.size > 0);
      if (broken.length > 0) {
        throw Problem.invalid(broken.map(({ field }) => ({ field, message: 'refers to what is not there' })));
      }
      const written = await resource.writer.write(transaction, by.customerId, [row], now, 'keep');
      if (written.created === 0)
        throw Problem.conflict('id', `is that of another ${resource.schema.singular}`);
      await this.audit.record(transaction, inventoryEvent(resource, 'single', by, written));
    });
    return { ...row, updated_at: now };
  }

  /** @throws Problem 404 where the customer has no such row, 409 while others refer to it */
  async delete(resource: WritableResource, id: string, by: ImportedBy): Promise<void> {
    const { table, singular } = resource.schema;
    try {
      await this.database.transaction(async (transaction) => {
        const { rows } = await transaction.query(
          `WITH deleted AS (DELETE FROM ${table} WHERE customer_id = $1 AND id = $2 RETURNING id)
           SELECT id FROM deleted`,
          [by.customerId, id],
        );
        if (rows.length === 0) throw Problem.notFound(singular);
        await this.audit.record(transaction, inventoryEvent(resource, 'delete', by, { deleted: 1 }));
      });
    } catch (error) {
      if (!violatesForeignKey(error)) throw error;
      const referring = this.resources.referringTo(resource).join(', ');
      throw Problem.conflict('id', `is that of a ${singular} that ${referring} refer to`);
    }
  }
}
