import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { NO_REQUEST, SYSTEM } from '#access-control';
import type { Transaction } from '#database';
import { InventoryImporter, PLAIN_IMPORT, type ImportSource } from './imports/inventory-importer.js';
import { WritableResources } from './writable-resource.js';

/** The files lie in the source tree, from which the server is started; this module runs from `dist/libs/inventory`. */
const SAMPLE_FOLDER = join(import.meta.dirname, '../../../libs/inventory/sample');

/** A small made-up inventory to try Postern with. */
@Injectable()
export class SampleInventory {
  constructor(
    private readonly importer: InventoryImporter,
    private readonly resources: WritableResources,
  ) {}

  /** Brings the sample in by the way that every import takes: all of it with the transaction, or none. */
  async load(transaction: Transaction, customerId: string): Promise<void> {
    for (const resource of this.resources.all) {
      const file = createReadStream(join(SAMPLE_FOLDER, `${resource.schema.name}.ndjson`));
      const source: ImportSource = {
        format: 'ndjson',
        chunks: file as AsyncIterable<Buffer>,
        abandoned: () => false,
      };
      const by = { actor: SYSTEM, origin: NO_REQUEST, customerId };
      await this.importer.importWithin(transaction, resource, source, by, PLAIN_IMPORT);
    }
  }
}
