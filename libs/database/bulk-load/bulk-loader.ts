import type { Transaction } from '../queryable.js';

/** Where rows are loaded to: a table that nobody else writes to, such as a temporary one. */
export interface LoadTarget {
  table: string;
  /** Names, and PostgreSQL's types of them, in the order of a row's values. */
  columns: readonly { name: string; type: string }[];
}

/** A row's values in the order of the columns: text, numbers, booleans, null, and flat lists of these. */
export type LoadRow = readonly unknown[];

/** Brings any number of rows into a table within a transaction, the fastest way that the engine has. */
export abstract class BulkLoader {
  /**
   * Takes one batch after the other, and the next one only when the database keeps up.
   * Where `batches` or the database throws, so does it, and the transaction can be rolled back.
   */
  abstract load(
    transaction: Transaction,
    target: LoadTarget,
    batches: AsyncIterable<readonly LoadRow[]>,
  ): Promise<void>;
}
