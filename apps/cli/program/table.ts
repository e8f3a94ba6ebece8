import { printable } from './printable.js';

/** Rows under each other: columns as wide as their widest value, separated by two spaces. */
export function table<Row extends object>(
  rows: readonly Row[],
  columns: readonly (keyof Row & string)[],
): string {
  const lines = [columns.map(heading), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
  return lines
    .map((line) =>
      line
        .map((value, index) => value.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The values of one thing, each on a line of its own. */
export function card(value: object): string {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, one]) => `${name.padEnd(width)}  ${cell(one)}`).join('\n');
}

function heading(column: string): string {
  return column.toUpperCase().replaceAll('_', ' ');
}

function cell(value: unknown): string {
  return printable(textOf(value));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, 'Z');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(' ') || '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
}
