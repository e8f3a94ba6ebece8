import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit-log';
import { BulkLoader, Database, violatesForeignKey, type LoadRow, type Transaction } from '#database';
import { Clock } from '#http-api';
import { READERS, type ImportFormat } from '../formats/import-format.js';
import type { GoodLine } from '../formats/row-batches.js';
import { inventoryEvent, type ImportedBy } from '../inventory-event.js';
import { RowRemoval } from '../rows/row-removal.js';
import { storedColumns } from '../rows/row-sql.js';
import { WritableResources, type WritableResource } from '../writable-resource.js';
import {
  changedMeanwhile,
  clientIsGone,
  emptyReplacement,
  rowsRejected,
  stillReferredTo,
} from './import-problems.js';
import { ImportReport, type ReportView } from './import-report.js';
import { ImportStaging } from './import-staging.js';

/** A file that is at hand, so that no transaction waits for a client. */
export interface ImportSource {
  format: ImportFormat;
  /** Each is good until the next one is asked for. */
  chunks: AsyncIterable<Buffer>;
  /** Whether nobody waits for the answer any more. */
  abandoned(): boolean;
}

export interface ImportOptions {
  /** `replace` also removes the rows that the file does not have. */
  mode: 'upsert' | 'replace';
  /** Whether good rows are stored although others are rejected. */
  partial: boolean;
  /** Whether a file without rows may replace all there are. */
  allowEmpty: boolean;
}

export const PLAIN_IMPORT: ImportOptions = { mode: 'upsert', partial: false, allowEmpty: false };

/** Changed rows from which on the planner's statistics are made anew. */
const WORTH_ANALYZING = 10_000;

/** Brings whole files of PAM data in: by `PUT`, and the sample inventory. */
@Injectable()
export class InventoryImporter {
  constructor(
    private readonly database: Database,
    private readonly loader: BulkLoader,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly resources: WritableResources,
  ) {}

  /**
   * Creates and updates rows by their ids, in one transaction, together with its audit event.
   * @throws Problem 400 `rows_rejected` with the report, where rows are rejected and `partial` is
   *   not set; 400 for a file that cannot be read; 409 while another import runs, or where a row
   *   is to go that others refer to. Nothing is stored then, nor where the client goes away.
   */
  async import(
    resource: WritableResource,
    source: ImportSource,
    by: ImportedBy,
    options: ImportOptions,
  ): Promise<ReportView> {
    try {
      return await this.database.transaction((transaction) =>
        this.importWithin(transaction, resource, source, by, options),
      );
    } catch (error) {
      throw violatesForeignKey(error) ? changedMeanwhile(error) : error;
    }
  }

  /** The same as part of a transaction that does more; several may follow each other in it. */
  async importWithin(
    transaction: Transaction,
    resource: WritableResource,
    source: ImportSource,
    by: ImportedBy,
    { mode, partial, allowEmpty }: ImportOptions,
  ): Promise<ReportView> {
    const replacing = mode === 'replace';
    const report = new ImportReport();
    const staging = await ImportStaging.begin(transaction, resource, by.customerId);
    await staging.load(this.loader, goodRows(resource, source, report));
    report.reject(await staging.rejectDuplicates());
    for (const rejected of await staging.rejectBrokenReferences()) report.reject(rejected);
    if (report.rejected > 0 && !partial) throw rowsRejected(report, replacing);
    if (replacing && report.good === 0 && !allowEmpty) throw emptyReplacement();

    report.add(await staging.write(this.clock.now()));
    if (replacing) {
      const removal = new RowRemoval(resource, this.resources);
      const result = await removal.remove(transaction, by.customerId, staging.isAbsent);
      if ('referred' in result) throw stillReferredTo(result.referred);
      report.deleted = result.removed;
    }
    if (report.changed > 0) await this.audit.record(transaction, inventoryEvent(resource, mode, by, report));
    // The embedded engine has no autovacuum, and on PostgreSQL its turn may be a minute away.
    if (report.changed >= WORTH_ANALYZING) await transaction.bulkQuery(`ANALYZE ${resource.schema.table}`);
    await staging.end();
    if (source.abandoned()) throw clientIsGone();
    return report.view(replacing);
  }
}

/** The rows that are good by themselves, with their lines; the others go into the report. */
async function* goodRows(
  { schema, check }: WritableResource,
  source: ImportSource,
  report: ImportReport,
): AsyncGenerator<LoadRow[]> {
  const columns = storedColumns(schema).map(({ name }) => name);
  for await (const { good, bad } of READERS[source.format](source.chunks, check, schema)) {
    if (source.abandoned()) throw clientIsGone();
    for (const line of bad) report.rejectLine(line);
    report.good += good.length;
    yield good.map((one) => stagedRow(one, columns));
  }
}

function stagedRow({ line, row }: GoodLine, columns: readonly string[]): LoadRow {
  return [line, ...columns.map((name) => row[name])];
}
