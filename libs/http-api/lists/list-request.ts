import { Problem } from '../errors/problem.js';
import { FormParameters } from '../server/form-parameters.js';
import { decodeCursor, type Position } from './cursor.js';
import { FilterValueError, type ListFilter } from './filters.js';
import { DEFAULT_LIMIT, MAX_LIMIT, type ListDefinition, type SortColumn } from './list-definition.js';
import { formatFor, mediaTypesOf, type RowFormat } from './row-format.js';

export interface ListRequest {
  /** Rows of one page; what is streamed has none. */
  limit: number;
  sort: { column: SortColumn; descending: boolean };
  after?: Position;
  /** From 1; only where the list takes pages. */
  page?: number;
  count: boolean;
  filters: { filter: ListFilter; value: unknown }[];
  /** What of each row to answer; undefined for all. */
  fields?: string[];
  /** Fields beside those that are always answered. */
  include: string[];
  /** How all rows are streamed, or `page` for a page of JSON. */
  format: RowFormat | 'page';
  /** What a cursor of this query is bound to. */
  binding: string;
  /** The address of another page of the same query. */
  urlOf(position: Record<string, string | undefined>): string;
}

/** What a list is asked: its address with the query, and the `Accept` header. */
export interface ListQuestion {
  url: string;
  accept?: string;
}

/**
 * Reads a list's query strictly, and what it is to be answered in.
 * @throws Problem 400 that names every parameter that is wrong
 * @throws Problem 406 where `Accept` allows nothing of what the list has
 */
export function parseListRequest(definition: ListDefinition, { url, accept }: ListQuestion): ListRequest {
  const [path, query = ''] = splitUrl(url);
  const parameters = FormParameters.parse(query);
  const known = [
    'limit',
    'cursor',
    'sort',
    'count',
    ...(definition.pages ? ['page'] : []),
    ...(definition.fields ? ['fields'] : []),
    ...(definition.includable ? ['include'] : []),
    ...definition.filters.map(({ name }) => name),
  ];
  const errors = parameters.nameFaults(known, 'list');
  const complain = (field: string, message: string): undefined => void errors.push({ field, message });

  const format = formatFor(definition, accept);
  if (!format) throw Problem.notAcceptable(mediaTypesOf(definition));
  const limit = wholeNumber(parameters.get('limit'), 1, MAX_LIMIT, (message) => complain('limit', message));
  const page = wholeNumber(parameters.get('page'), 1, 1_000_000, (message) => complain('page', message));
  const sort = parseSort(definition, parameters.get('sort'), complain);
  const count = parameters.get('count') ?? 'false';
  if (count !== 'true' && count !== 'false') complain('count', 'must be true or false');
  const filters = parseFilters(definition, parameters, complain);
  const fields = parseNames('fields', definition.fields, parameters, complain);
  const include = parseNames('include', definition.includable, parameters, complain) ?? [];

  const binding = JSON.stringify([
    definition.name,
    sort.name,
    definition.filters.flatMap(({ name }) => (parameters.has(name) ? [[name, parameters.get(name)]] : [])),
  ]);
  const cursor = parameters.get('cursor');
  const after = cursor === undefined ? undefined : decodeCursor(cursor, binding, definition, sort.column);
  if (cursor !== undefined && !after) complain('cursor', 'is not a cursor of this query');
  if (cursor !== undefined && page !== undefined) complain('page', 'does not go together with cursor');
  if (errors.length > 0) throw Problem.invalid(errors);

  return {
    limit: limit ?? DEFAULT_LIMIT,
    sort,
    after,
    page,
    count: count === 'true',
    filters,
    fields,
    include,
    format,
    binding,
    urlOf: (position) => {
      const search = new URLSearchParams(
        parameters.names().map((name): [string, string] => [name, parameters.get(name)!]),
      );
      for (const name of ['cursor', 'page']) search.delete(name);
      for (const [name, value] of Object.entries(position)) if (value !== undefined) search.set(name, value);
      return search.size > 0 ? `${path}?${search}` : path!;
    },
  };
}

type Complain = (field: string, message: string) => void;

function splitUrl(url: string): [string, string?] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

function wholeNumber(
  text: string | undefined,
  least: number,
  most: number,
  complain: (message: string) => void,
) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
  complain(`must be a whole number from ${least} to ${most}`);
  return undefined;
}

function parseSort(definition: ListDefinition, text = definition.defaultSort, complain: Complain) {
  const descending = text.startsWith('-');
  const name = descending ? text.slice(1) : text;
  if (!Object.hasOwn(definition.sortable, name)) {
    complain('sort', `must be one of ${Object.keys(definition.sortable).join(', ')}, with - for descending`);
    return { name: text, column: definition.id, descending };
  }
  return { name: text, column: definition.sortable[name]!, descending };
}

function parseFilters(definition: ListDefinition, parameters: FormParameters, complain: Complain) {
  return definition.filters.flatMap((filter) => {
    const text = parameters.get(filter.name);
    if (text === undefined) return [];
    try {
      return [{ filter, value: filter.parse(text) }];
    } catch (error) {
      if (!(error instanceof FilterValueError)) throw error;
      complain(filter.name, error.message);
      return [];
    }
  });
}

/** A comma-separated choice of names, each once. */
function parseNames(
  parameter: string,
  known: readonly string[] | undefined,
  parameters: FormParameters,
  complain: Complain,
) {
  const text = parameters.get(parameter);
  if (text === undefined || !known) return undefined;
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => !known.includes(name))) complain(parameter, `must be of ${known.join(', ')}`);
  return [...new Set(names)];
}
