import type { ListFilter } from './filters.js';

/** A column by which a list can be sorted. */
export interface SortColumn {
  expression: string;
  kind: 'text' | 'number' | 'time' | 'boolean';
  nullable?: boolean;
  /** Whether its index leaves nulls out: these are walked by their ids. */
  partial?: boolean;
  /** The key under which a selected row holds this column's value. */
  key: string;
}

/** All that there is to say of one list: the SQL under it, what sorts it, what filters it. */
export interface ListDefinition {
  /** Names the list within cursors. */
  name: string;
  /** The SELECT list and FROM clause; rows come out of it as plain objects. */
  select: string;
  from: string;
  /** The unique column that breaks ties. */
  id: SortColumn;
  sortable: Record<string, SortColumn>;
  /** A key of `sortable`, with `-` for descending. */
  defaultSort: string;
  filters: ListFilter[];
  /** Whether `?page=` is taken beside `?cursor=`. */
  pages?: boolean;
  /** Fields that are answered where `?include=` names them, as they cost more than the rest. */
  includable?: readonly string[];
  /** Names that `?fields=` may choose from, where it is taken at all. */
  fields?: readonly string[];
  /** Whether every field of a row is a value or a list of values, so that `fields` are the columns of a CSV. */
  flat?: boolean;
  /** SQL that makes of a row the text which `JSON.stringify` would, where nothing but its columns is shown. */
  json?: string;
}

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 1000;
