import { isUUID } from 'class-validator';
import { substringPattern, type SqlParameters } from './sql-parameters.js';

/** What a filter's value must be; the message names no field, the caller adds it. */
export class FilterValueError extends Error {}

/** One query parameter of a list: its documentation, its check, and its SQL. */
export interface ListFilter {
  name: string;
  description: string;
  schema: { type: 'string' | 'integer' | 'number' | 'boolean'; format?: string; enum?: readonly string[] };
  /**
   * Whether the planner guesses badly how many rows pass, or where they lie in that order. Not so
   * where an index on what is sorted by leads to them, as with a range of the sort's own column.
   * @param sortedBy the expression
   */
  isLoose?(sortedBy: string, value: unknown): boolean;
  /** @throws FilterValueError */
  parse(text: string): unknown;
  /** @param now for filters on what time makes of a row, such as its status */
  condition(parameters: SqlParameters, value: unknown, now: Date): string;
}

/** Substring, without case, in any of the columns. */
export function substring(name: string, columns: string | string[], description: string): ListFilter {
  return {
    name,
    description: `${description} Matches substrings, without case.`,
    schema: { type: 'string' },
    isLoose: () => true,
    parse: (text) => substringPattern(text),
    condition: (parameters, value) => {
      const pattern = parameters.add(value);
      return `(${[columns]
        .flat()
        .map((column) => `${column} ILIKE ${pattern}`)
        .join(' OR ')})`;
    },
  };
}

/** Equality of text: identifiers, and whatever has a fixed set of values. */
export function equals(
  name: string,
  column: string,
  description: string,
  values?: readonly string[],
): ListFilter {
  return {
    name,
    description,
    schema: { type: 'string', enum: values },
    parse: (text) => {
      if (values && !values.includes(text)) throw new FilterValueError(`must be one of ${values.join(', ')}`);
      return text;
    },
    condition: (parameters, value) => `${column} = ${parameters.add(value)}`,
  };
}

export function equalsUuid(name: string, column: string, description: string): ListFilter {
  return {
    ...equals(name, column, description),
    schema: { type: 'string', format: 'uuid' },
    parse: (text) => {
      if (!isUUID(text)) throw new FilterValueError('must be a UUID');
      return text;
    },
  };
}

export function flag(name: string, column: string, description: string): ListFilter {
  return {
    name,
    description,
    schema: { type: 'boolean' },
    parse: (text) => {
      if (text !== 'true' && text !== 'false') throw new FilterValueError('must be true or false');
      return text === 'true';
    },
    condition: (parameters, value) => `${column} = ${parameters.add(value)}`,
  };
}

type Comparison = '=' | '>=' | '<=' | '<' | '>';

/** A comparison with a 32-bit integer. */
export function integer(
  name: string,
  column: string,
  description: string,
  comparison: Comparison = '=',
): ListFilter {
  return {
    name,
    description,
    schema: { type: 'integer', format: 'int32' },
    isLoose: (sortedBy) => comparison !== '=' && sortedBy !== column,
    parse: parseInteger,
    condition: (parameters, value) => `${column} ${comparison} ${parameters.add(value)}`,
  };
}

/** A comparison with a time. */
export function time(name: string, column: string, description: string, comparison: Comparison): ListFilter {
  return {
    name,
    description,
    schema: { type: 'string', format: 'date-time' },
    isLoose: (sortedBy) => sortedBy !== column,
    parse: parseTime,
    condition: (parameters, value) => `${column} ${comparison} ${parameters.add(value)}`,
  };
}

/** Membership in an array column. */
export function member(
  name: string,
  column: string,
  description: string,
  element: 'text' | 'integer' = 'text',
): ListFilter {
  return {
    name,
    description,
    schema: element === 'text' ? { type: 'string' } : { type: 'integer', format: 'int32' },
    parse: (text) => [element === 'text' ? text : parseInteger(text)],
    condition: (parameters, value) => `${column} @> ${parameters.add(value)}::${element}[]`,
  };
}

function parseInteger(text: string): number {
  const value = Number(text);
  if (!/^-?\d{1,10}$/.test(text) || Math.abs(value) > 2_147_483_647)
    throw new FilterValueError('must be a whole number');
  return value;
}

const RFC_3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d))?$/;

/** An RFC 3339 time, or a date alone, which means its first instant in UTC. @throws FilterValueError */
export function parseTime(text: string): Date {
  const value = new Date(text);
  if (!RFC_3339.test(text) || Number.isNaN(value.getTime()) || !isDayOfCalendar(text.slice(0, 10))) {
    throw new FilterValueError('must be an RFC 3339 time, such as 2026-01-31T12:00:00Z');
  }
  return value;
}

/** `Date` takes 30 February for 2 March. */
function isDayOfCalendar(date: string): boolean {
  return new Date(date).toISOString().startsWith(date);
}
