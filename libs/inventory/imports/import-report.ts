import type { BadLine } from '../formats/row-batches.js';
import type { Written } from '../rows/row-writer.js';

/** Errors that a report lists; all are counted. */
export const MAX_LISTED_ERRORS = 100;
const MAX_ID_LENGTH = 256;

export interface LineError {
  line: number;
  id?: string;
  field?: string;
  message: string;
}

/** Rows that a check turned away: all of them counted, the first ones named, in order of their lines. */
export interface Rejected {
  count: number;
  errors: LineError[];
}

/** What became of an import's rows, as the caller reads it. */
export interface ReportView {
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  /** In `mode=replace` alone. */
  deleted?: number;
  errors: LineError[];
}

/** What becomes of an import's rows, counted as it goes. */
export class ImportReport {
  /** Rows that passed the check by themselves. */
  good = 0;
  created = 0;
  updated = 0;
  rejected = 0;
  deleted = 0;
  private readonly errors: LineError[] = [];

  rejectLine({ line, id, faults }: BadLine): void {
    this.rejected += 1;
    for (const { field, message } of faults) {
      if (this.errors.length >= MAX_LISTED_ERRORS) return;
      const shortId = id?.slice(0, MAX_ID_LENGTH).toWellFormed();
      this.errors.push({ line, id: shortId, field, message });
    }
  }

  /** Takes back rows that were good by themselves. */
  reject({ count, errors }: Rejected): void {
    this.good -= count;
    this.rejected += count;
    this.errors.push(...errors);
  }

  add({ created, updated }: Written): void {
    this.created += created;
    this.updated += updated;
  }

  get unchanged(): number {
    return this.good - this.created - this.updated;
  }

  get changed(): number {
    return this.created + this.updated + this.deleted;
  }

  /** @param replacing whether rows that are absent from the file were to go */
  view(replacing: boolean): ReportView {
    const { created, updated, unchanged, rejected, deleted } = this;
    return {
      created,
      updated,
      unchanged,
      rejected,
      ...(replacing && { deleted }),
      errors: this.firstErrors(),
    };
  }

  /** As it stands after the transaction was rolled back. */
  nothingStored(replacing: boolean): ReportView {
    return {
      ...this.view(replacing),
      created: 0,
      updated: 0,
      unchanged: 0,
      ...(replacing && { deleted: 0 }),
    };
  }

  private firstErrors(): LineError[] {
    return this.errors.toSorted((a, b) => a.line - b.line).slice(0, MAX_LISTED_ERRORS);
  }
}
