import type { FieldKind, ResourceField, ResourceSchema } from '#http-api';
import { isRequired } from '../rows/row-schema.js';
import { wrongHeader } from './csv-problems.js';

const MAX_NAME_LENGTH = 64;

/** What a header row says: which field each cell of a row is for. */
export class CsvColumns {
  private constructor(private readonly fields: readonly ResourceField[]) {}

  /**
   * @param header names of fields in any order; each that a row must have, none twice
   * @throws Problem 400 `invalid_header` that names the columns which are wrong
   */
  static of(header: readonly string[], { fields }: ResourceSchema): CsvColumns {
    const known = new Map(fields.map((field) => [field.name, field]));
    const unknown = header.filter((name) => !known.has(name));
    // By a set: a header is up to a mebibyte long, and searching it for each of its cells would take a minute.
    const seen = new Set<string>();
    const twice = header.filter((name) => known.has(name) && seen.size === seen.add(name).size);
    const missing = fields
      .filter((field) => isRequired(field) && !header.includes(field.name))
      .map(({ name }) => name);
    const faults = [
      ...faultOf('has columns that are no fields', unknown),
      ...faultOf('has columns twice', twice),
      ...faultOf('lacks columns', missing),
    ];
    if (faults.length > 0) throw wrongHeader(`The header row ${faults.join('; it ')}.`);
    return new CsvColumns(header.map((name) => known.get(name)!));
  }

  get count(): number {
    return this.fields.length;
  }

  /** A row as NDJSON would have it. A cell that is no value of its field stays text, for the check to refuse. */
  rowOf(cells: readonly string[]): object {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < cells.length; index += 1) {
      const field = this.fields[index]!;
      const cell = cells[index]!;
      if (cell !== '') row[field.name] = VALUES[field.kind](cell);
    }
    return row;
  }
}

const asText = (cell: string): unknown => cell;
const asBoolean = (cell: string): unknown => (cell === 'true' ? true : cell === 'false' ? false : cell);
const asInteger = (cell: string): unknown => (/^-?\d{1,15}$/.test(cell) ? Number(cell) : cell);

function asList(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

const VALUES: Record<FieldKind, (cell: string) => unknown> = {
  text: asText,
  boolean: asBoolean,
  integer: asInteger,
  time: asText,
  'text[]': asList,
  'integer[]': asList,
};

function faultOf(words: string, names: string[]): string[] {
  if (names.length === 0) return [];
  const shown = names
    .slice(0, 10)
    .map((name) => JSON.stringify(name.slice(0, MAX_NAME_LENGTH).toWellFormed()));
  return [`${words}: ${shown.join(', ')}${names.length > 10 ? ' …' : ''}`];
}
