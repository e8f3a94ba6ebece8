import type { Written } from '../rows/row-writer.js';
import type { BadLine } from './row-lines.js';

/** Errors that a report lists; all are counted. */
export const MAX_LISTED_ERRORS = 100;
const MAX_ID_LENGTH = 256;

export interface LineError {
  line: number;
  id?: string;
  field?: string;
  message: string;
}

/** What became of an import's rows, counted as it goes. */
export class ImportReport {
  created = 0;
  updated = 0;
  unchanged = 0;
  rejected = 0;
  readonly errors: LineError[] = [];

  reject({ line, id, faults }: BadLine): void {
    this.rejected += 1;
    for (const { field, message } of faults) {
      if (this.errors.length >= MAX_LISTED_ERRORS) return;
      const shortId = id?.slice(0, MAX_ID_LENGTH).toWellFormed();
      this.errors.push({ line, id: shortId, field, message });
    }
  }

  add({ created, updated, unchanged }: Written): void {
    this.created += created;
    this.updated += updated;
    this.unchanged += unchanged;
  }

  get stored(): number {
    return this.created + this.updated;
  }

  /** As it stands after the transaction was rolled back. */
  nothingStored(): object {
    return { ...this, created: 0, updated: 0, unchanged: 0 };
  }
}
