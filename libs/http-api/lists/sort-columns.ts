import type { SortColumn } from './list-definition.js';

/** Columns that a list can be sorted by. @param key under which a selected row holds the value */
const ofKind =
  (kind: SortColumn['kind']) =>
  (expression: string, key: string, nullable = false): SortColumn => ({ expression, kind, key, nullable });

export const text = ofKind('text');
export const time = ofKind('time');
export const number = ofKind('number');
export const boolean = ofKind('boolean');
