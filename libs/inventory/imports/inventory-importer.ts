import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit-log';
import { Database } from '#database';
import { Clock, Problem } from '#http-api';
import { inventoryEvent, type ImportedBy } from '../inventory-event.js';
import type { WritableResource } from '../writable-resource.js';
import { ImportReport } from './import-report.js';
import { ImportSession } from './import-session.js';
import { readRowLines } from './row-lines.js';

/** NDJSON that is at hand, so that no transaction waits for a client. */
export interface ImportSource {
  chunks: AsyncIterable<Buffer>;
  /** Whether nobody waits for the answer any more. */
  abandoned(): boolean;
}

/** Brings whole files of PAM data in: by `PUT`, and the sample inventory. */
@Injectable()
export class InventoryImporter {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Creates and updates rows by their ids, in one transaction, together with its audit event.
   * @param partial whether good rows are stored although others are rejected
   * @throws Problem 400 `rows_rejected` with the report, where rows are rejected and `partial` is
   *   not set: nothing is stored then. Neither is anything where the client goes away.
   */
  import(
    resource: WritableResource,
    source: ImportSource,
    by: ImportedBy,
    partial: boolean,
  ): Promise<ImportReport> {
    return this.database.transaction(async (transaction) => {
      const report = new ImportReport();
      const session = await ImportSession.begin(transaction, resource, by.customerId);
      for await (const batch of readRowLines(source.chunks, resource.check)) {
        if (source.abandoned()) throw clientIsGone();
        const { good, bad } = await session.admit(batch);
        for (const line of bad) report.reject(line);
        if (report.rejected === 0 || partial) report.add(await session.write(good, this.clock.now()));
      }
      if (report.rejected > 0 && !partial) throw rowsRejected(report);
      if (report.stored > 0) {
        await this.audit.record(transaction, inventoryEvent(resource, 'upsert', by, report));
      }
      return report;
    });
  }
}

function rowsRejected(report: ImportReport): Problem {
  return new Problem(
    400,
    'rows_rejected',
    `Rows were rejected: ${report.rejected}. Nothing was stored; \`partial=true\` stores the others.`,
    { extensions: report.nothingStored() },
  );
}

function clientIsGone(): Problem {
  return new Problem(400, 'client_gone', 'The client went away; nothing was stored.');
}
