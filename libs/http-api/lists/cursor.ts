import { createHash } from 'node:crypto';
import type { ListDefinition, SortColumn } from './list-definition.js';

/** Where a page ended: the sort column's value and the id of its last row. */
export interface Position {
  value: unknown;
  id: string;
}

/**
 * A cursor carries its position and a digest over that position, the list, its sort and its
 * filters, so that one which was altered, or taken to another query, is told from a good one. It
 * needs no key: a forged position opens nothing, as every page is limited to the caller's rows.
 */
export function encodeCursor(position: Position, binding: string): string {
  const payload = Buffer.from(JSON.stringify([position.value ?? null, position.id])).toString('base64url');
  return `${payload}.${digest(payload, binding)}`;
}

/** @returns undefined for anything that `encodeCursor` did not make for this very query */
export function decodeCursor(
  cursor: string,
  binding: string,
  definition: ListDefinition,
  column: SortColumn,
): Position | undefined {
  const [payload, mac, ...rest] = cursor.split('.');
  if (!payload || !mac || rest.length > 0 || digest(payload, binding) !== mac) return undefined;
  try {
    const [value, id] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown[];
    if (typeof id !== 'string' || !holds(definition.id, id) || !(value === null || holds(column, value)))
      return undefined;
    return { value, id };
  } catch {
    return undefined;
  }
}

function digest(payload: string, binding: string): string {
  return createHash('sha256').update(`${binding}\n${payload}`).digest('base64url').slice(0, 16);
}

function holds({ kind }: SortColumn, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string' && !value.includes('\u0000');
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'time':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  }
}
