import type { FieldError } from '#http-api';
import type { Row, RowCheck } from '../rows/row-check.js';

/** Bytes of one row at most: a line of NDJSON, a record of CSV. */
export const MAX_ROW_BYTES = 1024 * 1024;

/**
 * Measured: with batches four times as large, their text and rows outlive V8's young generation,
 * and an import of 1,000,000 rows takes 100 MB more, for no gain in time.
 */
const BATCH_ROWS = 250;
const BATCH_BYTES = 128 * 1024;

export interface GoodLine {
  /** Where the row begins, from 1. */
  line: number;
  row: Row;
}

export interface BadLine {
  line: number;
  /** The row's id, where it has one. */
  id?: string;
  /** A fault without a field is the whole line's. */
  faults: (Pick<FieldError, 'message'> & Partial<FieldError>)[];
}

export interface LineBatch {
  good: GoodLine[];
  bad: BadLine[];
}

/** Gathers checked rows into batches of bounded size. */
export class RowBatches {
  private batch: LineBatch = { good: [], bad: [] };
  private bytes = 0;

  constructor(private readonly check: RowCheck) {}

  /** @param bytes the size of the row in the file, roughly */
  add(line: number, value: object, bytes: number): void {
    this.bytes += bytes;
    const checked = this.check.check(value);
    if ('row' in checked) this.batch.good.push({ line, row: checked.row });
    else {
      const { id } = value as { id?: unknown };
      this.batch.bad.push({ line, id: typeof id === 'string' ? id : undefined, faults: checked.faults });
    }
  }

  reject(line: number, message: string): void {
    this.batch.bad.push({ line, faults: [{ message }] });
  }

  get full(): boolean {
    const { good, bad } = this.batch;
    return good.length + bad.length >= BATCH_ROWS || this.bytes >= BATCH_BYTES;
  }

  /** What was gathered since it was last taken. */
  take(): LineBatch {
    const { batch } = this;
    this.batch = { good: [], bad: [] };
    this.bytes = 0;
    return batch;
  }
}
