import { Problem } from '#http-api';
import type { ReferredRow } from '../rows/row-removal.js';
import type { ImportReport } from './import-report.js';

export function rowsRejected(report: ImportReport, replacing: boolean): Problem {
  const remedy = replacing ? '' : '; `partial=true` stores the others';
  return new Problem(
    400,
    'rows_rejected',
    `Rows were rejected: ${report.rejected}. Nothing was stored${remedy}.`,
    { extensions: report.nothingStored(replacing) },
  );
}

export function emptyReplacement(): Problem {
  return new Problem(
    400,
    'empty_replacement',
    'The file has no rows, so `mode=replace` would remove everything; `allow_empty=true` says that this is meant.',
  );
}

/** @param referred some of the rows that are absent from the file and cannot go */
export function stillReferredTo(referred: readonly ReferredRow[]): Problem {
  const { id, by } = referred[0]!;
  return new Problem(
    409,
    'still_referred_to',
    `Rows that the file does not have cannot be removed, as ${by} refer to them: ${id} and perhaps others. Nothing was stored.`,
    { errors: referred.map((row) => ({ field: 'id', message: `${row.id} is referred to by ${row.by}` })) },
  );
}

export function changedMeanwhile(cause: unknown): Problem {
  return new Problem(
    409,
    'conflict',
    'Something that a row refers to was removed while the import ran. Nothing was stored; send it again.',
    { cause },
  );
}

export function clientIsGone(): Problem {
  return new Problem(400, 'client_gone', 'The client went away; nothing was stored.');
}
